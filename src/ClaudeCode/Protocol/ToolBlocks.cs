using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using FunctionsBroker.ClaudeCode.Turns;

namespace FunctionsBroker.ClaudeCode.Protocol;

/// <summary>Reads the calls and results of tools out of a message's content.</summary>
internal static class ToolBlocks
{
    // tool_use and tool_result are the CLI's own tools; the API's have names of their own with the same endings.
    private const string CallEnding = "tool_use";
    private const string ResultEnding = "tool_result";

    /// <param name="content">The array of a message's blocks.</param>
    public static IReadOnlyList<TurnProgress> ReadAll(JsonElement content)
    {
        List<TurnProgress>? tools = null;
        foreach (var block in content.EnumerateArray())
        {
            if (Read(block) is { } tool)
            {
                (tools ??= []).Add(tool);
            }
        }

        return tools ?? (IReadOnlyList<TurnProgress>)[];
    }

    private static TurnProgress? Read(JsonElement block)
    {
        var type = block.Text("type");
        if (type is null)
        {
            return null;
        }

        if (type.EndsWith(CallEnding, StringComparison.Ordinal))
        {
            return new TurnProgress.ToolStarted(
                block.Text("id") ?? string.Empty,
                block.Text("name") ?? string.Empty,
                block.Member("input") is { } input ? Beginning(input) : string.Empty);
        }

        return type.EndsWith(ResultEnding, StringComparison.Ordinal)
            ? new TurnProgress.ToolEnded(block.Text("tool_use_id") ?? string.Empty, block.Flag("is_error"), ReadOutput(block))
            : null;
    }

    private static string ReadOutput(JsonElement block)
    {
        if (block.Member("content") is not { } content)
        {
            return string.Empty;
        }

        var text = content.ValueKind == JsonValueKind.Array
            ? content.EnumerateArray().FirstOrDefault(part => part.Text("type") == "text").Member("text") ?? content
            : content;
        return Beginning(text);
    }

    private static string Beginning(JsonElement value) =>
        value.ValueKind == JsonValueKind.String
            ? Cut(value.Value())
            : Cut(Encoding.UTF8.GetString(CutBytes(JsonMarshal.GetRawUtf8Value(value))));

    private static string Cut(string text)
    {
        if (text.Length <= TurnProgress.MaxDetailLength)
        {
            return text;
        }

        var splitsPair = char.IsHighSurrogate(text[TurnProgress.MaxDetailLength - 1]);
        return text[..(TurnProgress.MaxDetailLength - (splitsPair ? 1 : 0))];
    }

    // Cut before it is decoded: the whole may be megabytes.
    private static ReadOnlySpan<byte> CutBytes(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length <= TurnProgress.MaxDetailLength)
        {
            return utf8;
        }

        var end = TurnProgress.MaxDetailLength;
        while ((utf8[end] & 0xC0) == 0x80)
        {
            end--;
        }

        return utf8[..end];
    }
}
