using System.Text;

namespace FunctionsBroker.ClaudeCode.Interactive;

/// <summary>A prompt as it may be pasted into the CLI's input box, which takes some texts for orders of its own.</summary>
internal static class TypedText
{
    private const string PasteBegins = "\u001b[200~";
    private const string PasteEnds = "\u001b[201~";

    /// <summary>The prompt between the marks of a paste, with nothing in it that would end the paste or run as a command.</summary>
    public static string Paste(string prompt) => $"{PasteBegins}{Harmless(prompt)}{PasteEnds}";

    /// <summary>The prompt as it reaches the CLI.</summary>
    internal static string Harmless(string prompt)
    {
        var text = new StringBuilder(prompt.Length + 1);
        foreach (var character in prompt.ReplaceLineEndings("\n"))
        {
            // A key in the middle of a text would be obeyed: ESC ends the paste, ^C the program.
            if (!char.IsControl(character) || character is '\n' or '\t')
            {
                text.Append(character);
            }
        }

        return text.ToString();
    }
}
