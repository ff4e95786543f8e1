using System.Text.Json;

namespace FunctionsBroker.ClaudeCode.Protocol;

/// <summary>Reads the content of a message, as the CLI's lines and its transcripts have it.</summary>
internal static class MessageContent
{
    private const string InterruptedPrefix = "[Request interrupted by user";

    /// <summary>Whether a message of the user is the CLI's note that a turn was broken off.</summary>
    public static bool IsInterruption(string text) => text.StartsWith(InterruptedPrefix, StringComparison.Ordinal);

    /// <returns>What the message says, all its text blocks in one; null when it says nothing.</returns>
    public static string? TextOf(JsonElement message)
    {
        if (message.Member("content") is { ValueKind: JsonValueKind.String } text)
        {
            return text.Value();
        }

        List<string?> texts = [.. Blocks(message).Where(block => block.Text("type") == "text").Select(block => block.Text("text"))];
        return texts.Count == 0 ? null : string.Concat(texts);
    }

    /// <summary>Whether it calls a tool, the CLI's own or one of the API's.</summary>
    public static bool CallsTool(JsonElement message) => Blocks(message).Any(block => ToolBlocks.IsCall(block.Text("type")));

    /// <summary>Whether it is the answer of one of the CLI's own tools, which comes as a message of the user.</summary>
    public static bool IsToolResult(JsonElement message) => Blocks(message).Any(block => block.Text("type") == ToolBlocks.Result);

    /// <returns>The names of the CLI's own tools that it calls.</returns>
    public static IReadOnlyList<string> ToolsOf(JsonElement message) =>
        [.. Blocks(message).Where(block => block.Text("type") == ToolBlocks.Call).Select(block => block.Text("name")).OfType<string>()];

    private static JsonElement.ArrayEnumerator Blocks(JsonElement message) =>
        message.Member("content") is { ValueKind: JsonValueKind.Array } content ? content.EnumerateArray() : default;
}
