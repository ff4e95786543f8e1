using System.Globalization;
using System.Text;

namespace FunctionsBroker.ClaudeCode.Protocol;

/// <summary>Reads JSON strings that are not text: with half a character, or with bytes that are not UTF-8.</summary>
/// <remarks>
/// The CLI cuts texts by UTF-16 units, so half an emoji at an end is to be expected, and escapes it. The strict reader
/// refuses the whole line for that; here each fault becomes U+FFFD.
/// </remarks>
internal static class LenientText
{
    private const char Replacement = '\uFFFD';
    private const int EscapeLength = 4;

    /// <param name="quoted">The string as it stands in the line, with its quotation marks. Its escapes are well formed.</param>
    /// <param name="keepHalves">Whether half a character stays what it is.</param>
    public static string Read(ReadOnlySpan<byte> quoted, bool keepHalves)
    {
        var escaped = Encoding.UTF8.GetString(quoted[1..^1]);
        var text = new StringBuilder(escaped.Length);
        for (var at = 0; at < escaped.Length; at++)
        {
            if (escaped[at] != '\\')
            {
                text.Append(escaped[at]);
                continue;
            }

            at++;
            if (escaped[at] == 'u')
            {
                text.Append((char)ushort.Parse(escaped.AsSpan(at + 1, EscapeLength), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                at += EscapeLength;
            }
            else
            {
                text.Append(Unescape(escaped[at]));
            }
        }

        if (!keepHalves)
        {
            ReplaceHalves(text);
        }

        return text.ToString();
    }

    private static char Unescape(char escape) =>
        escape switch
        {
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            _ => escape,
        };

    private static void ReplaceHalves(StringBuilder text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]))
            {
                at++;
            }
            else if (char.IsSurrogate(text[at]))
            {
                text[at] = Replacement;
            }
        }
    }
}
