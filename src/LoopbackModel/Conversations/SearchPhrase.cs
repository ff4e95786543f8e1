using System.Text.RegularExpressions;

namespace FunctionsBroker.LoopbackModel.Conversations;

/// <summary>The prompt <c>search WORD</c>: whether anything but what the user said brings that word to the model.</summary>
internal static partial class SearchPhrase
{
    public static bool IsIn(string prompt) => Phrase().IsMatch(prompt);

    /// <returns>Null when the prompt is another.</returns>
    public static string? Answer(string prompt, Conversation conversation)
    {
        if (Phrase().Match(prompt) is not { Success: true } match)
        {
            return null;
        }

        var word = Regex.Escape(match.Groups["word"].Value);
        var others = Regex.Count(conversation.Raw, word) - conversation.Turns.Sum(turn => Regex.Count(turn, word));
        return $"found {others} times beside what you said";
    }

    [GeneratedRegex(@"^search (?<word>\w+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Phrase();
}
