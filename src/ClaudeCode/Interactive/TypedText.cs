using System.Text;

namespace FunctionsBroker.ClaudeCode.Interactive;

/// <summary>A prompt as it may be pasted into the CLI's input box, which takes some texts for orders of its own.</summary>
/// <remarks>
/// Measured on 2.1.329, each pasted and sent with Enter: <c>!x</c> runs x in a shell; <c>/x</c> is a command of the CLI,
/// also behind spaces, newlines or invisible characters; <c>exit</c>, <c>quit</c> and <c>:q</c> end the CLI, also between
/// spaces; of <c>x\</c> the backslash is lost, of <c>x\ </c> it is not; an end mark in the text ends the paste; control
/// characters are dropped and tabs become four spaces; Enter behind a word with an <c>@</c> may complete it to the name of a file
/// that is there, on 2.1.332 one time in two, and does not where a space ends the word. Nothing of that happens behind a line of other words. A prompt of
/// more than three lines reaches the model inside <c>&lt;pasted_content&gt;</c>, whatever it begins with.
/// </remarks>
internal static class TypedText
{
    /// <summary>Stands in front of a prompt that could be taken for an order. The model reads it too.</summary>
    public const string Label = "Message:\n";

    private const string PasteBegins = "\u001b[200~";
    private const string PasteEnds = "\u001b[201~";
    private const int LongestOrder = 20;

    /// <summary>The prompt between the marks of a paste, with nothing in it that would end the paste or be obeyed.</summary>
    public static string Paste(string prompt) => $"{PasteBegins}{Harmless(prompt)}{PasteEnds}";

    /// <summary>The prompt as it reaches the CLI.</summary>
    internal static string Harmless(string prompt)
    {
        var text = WithoutKeys(prompt);
        if (MayBeOrder(text.Trim()))
        {
            text = Label + text;
        }

        return text.EndsWith('\\') || LastWordOf(text).Contains('@') ? text + ' ' : text;
    }

    // What is surely no order is a text of several words that begins with a letter or a digit; all else has the label,
    // also what is an order only in some later version.
    private static bool MayBeOrder(string text) =>
        text.Length == 0
        || !char.IsLetterOrDigit(text[0])
        || (text.Length <= LongestOrder && char.IsAscii(text[0]) && !text.Any(char.IsWhiteSpace));

    private static ReadOnlySpan<char> LastWordOf(string text) => text.AsSpan(text.AsSpan().LastIndexOfAny(' ', '\n', '\t') + 1);

    // A key in the middle of a text would be obeyed: ESC ends the paste, ^C the program.
    private static string WithoutKeys(string prompt)
    {
        var text = new StringBuilder(prompt.Length);
        foreach (var character in prompt.ReplaceLineEndings("\n"))
        {
            if (!char.IsControl(character) || character is '\n' or '\t')
            {
                text.Append(character);
            }
        }

        return text.ToString();
    }
}
