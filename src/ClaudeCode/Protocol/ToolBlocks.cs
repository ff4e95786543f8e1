using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using FunctionsBroker.ClaudeCode.Turns;
using FunctionsBroker.Contracts.Text;

namespace FunctionsBroker.ClaudeCode.Protocol;

/// <summary>Reads the calls and results of tools out of a message's content.</summary>
internal static class ToolBlocks
{
    // tool_use and tool_result are the CLI's own tools; the API's have names of their own with the same endings.
    public const string Call = "tool_use";
    public const string Result = "tool_result";

    /// <summary>Whether a block of this type calls a tool.</summary>
    public static bool IsCall(string? type) => type?.EndsWith(Call, StringComparison.Ordinal) == true;

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

        if (IsCall(type))
        {
            return new TurnProgress.ToolStarted(
                block.Text("id") ?? string.Empty,
                block.Text("name") ?? string.Empty,
                block.Member("input") is { } input ? Beginning(input) : string.Empty);
        }

        return type.EndsWith(Result, StringComparison.Ordinal)
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
            ? value.Value().Truncate(TurnProgress.MaxDetailLength)
            : Encoding.UTF8.GetString(CutBytes(JsonMarshal.GetRawUtf8Value(value))).Truncate(TurnProgress.MaxDetailLength);

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
