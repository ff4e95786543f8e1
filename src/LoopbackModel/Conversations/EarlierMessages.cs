using System.Text.Json;

namespace FunctionsBroker.LoopbackModel.Conversations;

/// <summary>What the broker puts before a prompt when messages of the conversation were answered without the CLI.</summary>
internal static class EarlierMessages
{
    private const string Opening = "<earlier-messages>\n";
    private const string Closing = "\n</earlier-messages>";

    /// <summary>Takes the earlier messages off a prompt.</summary>
    /// <returns>What the user said in them, and the prompt itself.</returns>
    public static (IReadOnlyList<string> Turns, string Prompt) Split(string text)
    {
        if (!text.StartsWith(Opening, StringComparison.Ordinal) || text.IndexOf(Closing, StringComparison.Ordinal) is not (> 0 and var end))
        {
            return ([], text);
        }

        var lines = text[Opening.Length..end].Split('\n').Where(line => line.StartsWith('{'));
        return ([.. lines.Select(UserIn)], text[(end + Closing.Length)..]);
    }

    private static string UserIn(string line)
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.GetProperty("user").GetString() ?? "";
    }
}
