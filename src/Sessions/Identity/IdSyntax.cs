using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace FunctionsBroker.Sessions.Identity;

/// <summary>The one rule for ids that callers choose, as the platforms that they come from write them; case-sensitive.</summary>
/// <remarks>
/// Not ids: <c>.</c> and <c>..</c>, segments of a path that disappear on the way (RFC 3986, 5.2.4), so that nobody could ask for what they
/// name; and what is percent-encoded, which servers and proxies on the way decode once or twice.
/// </remarks>
internal static class IdSyntax
{
    public const int MaxLength = 255;

    private static readonly SearchValues<char> s_plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:@-");

    public static bool IsValid([NotNullWhen(true)] string? value) =>
        value is { Length: > 0 and <= MaxLength } and not ("." or "..")
        && (IsPlain(value) || (value[0] != ' ' && value[^1] != ' ' && IsPrintable(value) && !IsPercentEncoded(value)));

    /// <summary>Whether every character is one of <c>[A-Za-z0-9._:@-]</c>, which mean the same everywhere.</summary>
    public static bool IsPlain(ReadOnlySpan<char> value) => !value.ContainsAnyExcept(s_plain);

    private static bool IsPrintable(string value)
    {
        for (var rest = value.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var length) != OperationStatus.Done
                || (rune.Value != ' ' && Rune.GetUnicodeCategory(rune) is
                    UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
                    or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator))
            {
                return false;
            }

            rest = rest[length..];
        }

        return true;
    }

    private static bool IsPercentEncoded(string value)
    {
        for (var at = value.IndexOf('%', StringComparison.Ordinal); at >= 0; at = value.IndexOf('%', at + 1))
        {
            if (at + 2 < value.Length && char.IsAsciiHexDigit(value[at + 1]) && char.IsAsciiHexDigit(value[at + 2]))
            {
                return true;
            }
        }

        return false;
    }
}
