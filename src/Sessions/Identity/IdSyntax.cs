using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace FunctionsBroker.Sessions.Identity;

/// <summary>The one rule for ids that callers choose: 1 to 128 of <c>[A-Za-z0-9._:@-]</c>, case-sensitive, but not <c>.</c> or <c>..</c>.</summary>
/// <remarks>These two are segments of a path that disappear on the way (RFC 3986, 5.2.4): nobody could ask for what they name.</remarks>
internal static class IdSyntax
{
    public const int MaxLength = 128;

    private static readonly SearchValues<char> s_allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:@-");

    public static bool IsValid([NotNullWhen(true)] string? value) =>
        value is { Length: > 0 and <= MaxLength } && !value.AsSpan().ContainsAnyExcept(s_allowed) && value is not ("." or "..");
}
