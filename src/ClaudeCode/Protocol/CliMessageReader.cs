using System.Text.Json;
using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.ClaudeCode.Turns;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.ClaudeCode.Protocol;

/// <summary>Reads the CLI's lines.</summary>
internal static class CliMessageReader
{
    private static readonly JsonElement s_noInput = JsonElement.Parse("{}");

    /// <summary>Reads one line; never throws, whatever is in it.</summary>
    public static CliMessage Read(CliLine line)
    {
        if (line.Dropped > 0)
        {
            return new CliMessage.Invalid(line.Bytes, line.Dropped);
        }

        try
        {
            using var document = JsonDocument.Parse(line.Bytes);
            return Read(document.RootElement) ?? Unknown(document.RootElement, line);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            // Not JSON, or a member that is not of the kind that its name promises, or text that is not UTF-8.
            return new CliMessage.Invalid(line.Bytes, 0);
        }
    }

    private static CliMessage? Read(JsonElement root) =>
        root.Text("type") switch
        {
            "system" => ReadSystem(root),
            "stream_event" => ReadStreamEvent(root),
            "assistant" => ReadAssistant(root),
            "user" when root.Flag("isReplay") => new CliMessage.UserReplay(root.Text("uuid")),
            "user" when ReadContent(root) is { } content && ToolBlocks.ReadAll(content) is { Count: > 0 } tools => new CliMessage.ToolResults(tools),
            "result" => ReadResult(root),
            "command_lifecycle" => new CliMessage.Lifecycle(
                root.GetProperty("command_uuid").GetString() ?? string.Empty,
                ReadLifecycleState(root.Text("state"))),
            "control_response" when root.Member("response") is { } response => ReadControlResponse(response),
            "control_request" => ReadControlRequest(root),
            "control_cancel_request" => new CliMessage.ControlCancel(root.Text("request_id") ?? string.Empty),
            _ => null,
        };

    private static CliMessage? ReadSystem(JsonElement root) =>
        root.Text("subtype") switch
        {
            "init" => new CliMessage.Init(root.Text("claude_code_version"), root.Text("model")) { Capabilities = root.Texts("capabilities") },
            "api_retry" => new CliMessage.ApiRetry((int)root.Integer("attempt"), TimeSpan.FromMilliseconds(root.Integer("retry_delay_ms")), (int?)root.OptionalInteger("error_status"), root.Text("error")),
            _ => null,
        };

    private static CliMessage.ControlResponse ReadControlResponse(JsonElement response) => new(
        response.Text("request_id") ?? string.Empty,
        response.Text("subtype") == "success" ? null : response.Text("error") ?? "unknown error")
    {
        Capabilities = response.Member("response")?.Texts("capabilities") ?? [],
    };

    private static CliMessage.ControlRequest ReadControlRequest(JsonElement root)
    {
        var id = root.Text("request_id") ?? string.Empty;
        if (root.Member("request") is not { } request || request.Text("subtype") is not { } subtype)
        {
            return new CliMessage.ControlRequest(id, string.Empty);
        }

        var question = subtype == "can_use_tool" && request.Text("tool_name") is { } tool
            ? new PermissionQuestion(
                id,
                tool,
                request.Member("input") is { ValueKind: JsonValueKind.Object } input ? input.Clone() : s_noInput,
                request.Text("description"),
                request.Text("tool_use_id"))
            : null;
        return new CliMessage.ControlRequest(id, subtype, question);
    }

    private static CliMessage? ReadStreamEvent(JsonElement root)
    {
        if (root.Text("parent_tool_use_id") is not null || root.Member("event") is not { } inner)
        {
            return null;
        }

        return inner.Text("type") switch
        {
            "content_block_delta" when inner.Member("delta") is { } delta && delta.Text("type") == "text_delta" =>
                new CliMessage.TextDelta(delta.Text("text") ?? string.Empty, root.Text("api_message_id"), (int)inner.Integer("index")),
            "message_stop" when root.Member("abandoned_blocks") is { } abandoned =>
                new CliMessage.Abandoned(abandoned.Text("api_message_id"), (int)abandoned.Integer("from_block_index")),
            _ => null,
        };
    }

    private static CliMessage.Assistant? ReadAssistant(JsonElement root)
    {
        if (ReadContent(root) is not { } content)
        {
            return null;
        }

        List<string?> texts = [.. content.EnumerateArray().Where(block => block.Text("type") == "text").Select(block => block.Text("text"))];
        return new CliMessage.Assistant(texts.Count == 0 ? null : string.Concat(texts), root.Text("error"), ToolBlocks.ReadAll(content));
    }

    // Subagents' messages name the tool call that they belong to; they are no part of the conversation with the user.
    private static JsonElement? ReadContent(JsonElement root) =>
        root.Text("parent_tool_use_id") is null && root.Member("message")?.Member("content") is { ValueKind: JsonValueKind.Array } content
            ? content
            : null;

    private static CliMessage.Result ReadResult(JsonElement root) => new()
    {
        IsError = root.Flag("is_error"),
        Subtype = root.Text("subtype"),
        TerminalReason = root.Text("terminal_reason"),
        StopReason = root.Text("stop_reason"),
        ApiErrorStatus = (int?)root.OptionalInteger("api_error_status"),
        Text = root.Text("result"),
        Errors = root.Texts("errors"),
        MessageIds = root.Texts("user_message_uuids"),
        Usage = root.Member("usage") is { } usage ? ReadUsage(usage) : new TokenUsage(),
        TurnCostUsd = root.Member("model_usage_since_last_result") is { ValueKind: JsonValueKind.Object } models
            ? models.EnumerateObject().Sum(model => model.Value.Number("costUSD"))
            : null,
        TotalCostUsd = root.Number("total_cost_usd"),
        TotalApiMs = root.Integer("duration_api_ms"),
    };

    /// <summary>Reads the API's own usage object, as results and transcripts carry it.</summary>
    internal static TokenUsage ReadUsage(JsonElement usage) => new()
    {
        InputTokens = usage.Integer("input_tokens"),
        OutputTokens = usage.Integer("output_tokens"),
        CacheReadTokens = usage.Integer("cache_read_input_tokens"),
        CacheWriteTokens = usage.Integer("cache_creation_input_tokens"),
    };

    private static LifecycleState ReadLifecycleState(string? state) =>
        state switch
        {
            "queued" => LifecycleState.Queued,
            "started" => LifecycleState.Started,
            "completed" => LifecycleState.Completed,
            "cancelled" => LifecycleState.Cancelled,
            _ => LifecycleState.Unknown,
        };

    private static CliMessage.Unknown Unknown(JsonElement root, CliLine line) =>
        new(root.Text("type") ?? string.Empty, line.Bytes);
}
