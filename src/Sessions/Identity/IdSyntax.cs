using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace FunctionsBroker.Sessions.Identity;

/// <summary>The one rule for ids that callers choose: 1 to 128 of <c>[A-Za-z0-9._:@-]</c>, case-sensitive.</summary>
internal static class IdSyntax
{
    public const int MaxLength = 128;

    private static readonly SearchValues<char> s_allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:@-");

    public static bool IsValid([NotNullWhen(true)] string? value) =>
        value is { Length: > 0 and <= MaxLength } && !value.AsSpan().ContainsAnyExcept(s_allowed);
}
