using System.Text.Json;
using FunctionsBroker.ClaudeCode.Protocol;
using ModelContextProtocol.Protocol;

namespace FunctionsBroker.ClaudeCode.Channels;

/// <summary>The tool with which the model may answer a pushed message.</summary>
internal static class ReplyTool
{
    public const string Name = "reply";
    private const string Text = "text";

    public static Tool Description { get; } = new()
    {
        Name = Name,
        Description = "Sends the answer to a message that came through this channel. Call it at most once for a message, with the whole answer.",
        InputSchema = JsonElement.Parse($$"""
            {
              "type": "object",
              "properties": {
                "{{Text}}": { "type": "string", "description": "The whole answer." },
                "{{ChannelProtocol.TurnId}}": { "type": "string", "description": "The {{ChannelProtocol.TurnId}} of the message that it answers." }
              },
              "required": ["{{Text}}"]
            }
            """),
    };

    /// <summary>Takes the tool's arguments as a model gives them.</summary>
    /// <returns>What the model is told.</returns>
    public static async Task<CallToolResult> CallAsync(IDictionary<string, JsonElement>? arguments, Func<string?, string, Task<string>> reply) =>
        Read(arguments, Text) is { } text
            ? Result(await reply(Read(arguments, ChannelProtocol.TurnId), text), isError: false)
            : Result($"The argument '{Text}' is missing, or is not a text.", isError: true);

    /// <summary>What a turn is answered with: what was said by the tool, else what the model said last.</summary>
    public static string Choose(IReadOnlyCollection<string> replies, string last) => replies.Count == 0 ? last : string.Join("\n\n", replies);

    /// <summary>Reads a block of the transcript.</summary>
    /// <returns>The reply; null where it is no call of this tool, or one for another turn.</returns>
    public static string? ReadCall(JsonElement block, string turnId) =>
        block.Text("type") == ToolBlocks.Call
            && block.Text("name") == ChannelProtocol.ReplyToolRule
            && block.Member("input") is { } input
            && input.Text(ChannelProtocol.TurnId) is var named
            && (named is null || named == turnId)
            ? input.Text(Text)
            : null;

    private static string? Read(IDictionary<string, JsonElement>? arguments, string name) =>
        arguments is not null && arguments.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static CallToolResult Result(string text, bool isError) =>
        new() { Content = [new TextContentBlock { Text = text }], IsError = isError };
}
