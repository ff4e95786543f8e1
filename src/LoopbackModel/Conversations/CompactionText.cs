using System.Text.Json;

namespace FunctionsBroker.LoopbackModel.Conversations;

/// <summary>The summary by which the CLI compacts a conversation, written so that the turns can be read back from it.</summary>
internal static class CompactionText
{
    private const string Request = "CRITICAL: Respond with TEXT ONLY.";
    private const string Continuation = "This session is being continued from a previous conversation";
    private const string TurnPrefix = "user turn: ";

    /// <summary>The CLI asks for a summary of the conversation.</summary>
    public static bool IsRequest(string prompt) => prompt.StartsWith(Request, StringComparison.Ordinal);

    /// <summary>The answer to such a request: one line per turn.</summary>
    public static string Summarize(IEnumerable<string> turns) =>
        string.Join('\n', turns.Select(turn => TurnPrefix + JsonSerializer.Serialize(turn, ModelJsonContext.Default.String)));

    /// <summary>The turns that a conversation compacted earlier begins with; null when the text is no such summary.</summary>
    public static IReadOnlyList<string>? TurnsIn(string text) => text.StartsWith(Continuation, StringComparison.Ordinal)
        ? [.. text.Split('\n').Where(line => line.StartsWith(TurnPrefix, StringComparison.Ordinal)).Select(TurnIn)]
        : null;

    private static string TurnIn(string line) =>
        JsonSerializer.Deserialize(line.AsSpan(TurnPrefix.Length), ModelJsonContext.Default.String) ?? "";
}
