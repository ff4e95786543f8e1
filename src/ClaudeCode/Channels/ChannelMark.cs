using System.Globalization;
using System.Text;

namespace FunctionsBroker.ClaudeCode.Channels;

/// <summary>Tells a turn's prompt from others in what the CLI reports of prompts.</summary>
/// <remarks>
/// A pushed prompt carries the turn's id as the CLI shows it to the model. A typed one has no id and may come with its
/// white space and line ends changed, or wrapped: it is known by its letters and digits, or by its signs where it has none.
/// </remarks>
internal sealed class ChannelMark
{
    private const int TypedLength = 256;
    private readonly string _attribute;
    private readonly Func<char, bool> _counts;

    // Null also for what would be in every prompt.
    private readonly string? _typed;

    private ChannelMark(string turnId, string? typed)
    {
        TurnId = turnId;
        _attribute = $"{ChannelProtocol.TurnId}=\"{turnId}\"";
        _counts = typed is not null && typed.Any(char.IsLetterOrDigit) ? char.IsLetterOrDigit : IsSign;
        _typed = typed is not null && Simplify(typed, TypedLength) is { Length: > 0 } simple ? simple : null;
    }

    public string TurnId { get; }

    /// <summary>The turn's prompt is pushed.</summary>
    public static ChannelMark Pushed(string turnId) => new(turnId, null);

    /// <summary>The turn's prompt is typed.</summary>
    public static ChannelMark Typed(string turnId, string prompt) => new(turnId, prompt);

    /// <summary>Whether this is the turn's prompt, or has it among others.</summary>
    public bool IsIn(string prompt) =>
        (prompt.Contains("<channel ", StringComparison.Ordinal) && prompt.Contains(_attribute, StringComparison.Ordinal))
        || (_typed is not null && Simplify(prompt, int.MaxValue).Contains(_typed, StringComparison.Ordinal));

    private string Simplify(string text, int length)
    {
        var simple = new StringBuilder(Math.Min(text.Length, length));
        foreach (var character in text)
        {
            if (simple.Length == length)
            {
                break;
            }

            if (_counts(character))
            {
                simple.Append(character);
            }
        }

        return simple.ToString();
    }

    private static bool IsSign(char character) =>
        char.GetUnicodeCategory(character) is not (UnicodeCategory.Control or UnicodeCategory.Format) && !char.IsWhiteSpace(character);
}
