using System.Text.Json;
using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.ClaudeCode.Turns;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.ClaudeCode.Protocol;

/// <summary>Reads the CLI's lines.</summary>
internal static class CliMessageReader
{
    /// <summary>Beyond what any message has: results of 2 MB that were measured have a hundred.</summary>
    private const int MaxTokens = 1_000_000;

    private static readonly JsonElement s_noInput = JsonElement.Parse("{}");

    /// <summary>Reads one line; never throws, whatever is in it.</summary>
    public static CliMessage Read(CliLine line)
    {
        if (line.Dropped > 0 || IsBomb(line.Bytes.Span))
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
                root.GetProperty("command_uuid").Value(),
                ReadLifecycleState(root.Text("state"))),
            "control_response" when root.Member("response") is { } response => ReadControlResponse(response),
            "control_request" => ReadControlRequest(root),
            "control_cancel_request" => new CliMessage.ControlCancel(root.Text("request_id") ?? string.Empty),
            _ => null,
        };

    private static CliMessage? ReadSystem(JsonElement root) =>
        root.Text("subtype") switch
        {
            "init" => new CliMessage.Init(root.Text("claude_code_version"), root.Text("model"))
            {
                ConversationId = Guid.TryParse(root.Text("session_id"), out var conversation) ? conversation : null,
                Capabilities = root.Texts("capabilities"),
            },
            "api_retry" => new CliMessage.ApiRetry((int)root.Integer("attempt"), TimeSpan.FromMilliseconds(root.Integer("retry_delay_ms")), (int?)root.OptionalInteger("error_status"), root.Text("error")),
            "background_tasks_changed" => new CliMessage.TaskNews(Running: root.Member("tasks") is { ValueKind: JsonValueKind.Array } tasks ? tasks.GetArrayLength() : 0),
            "task_started" => new CliMessage.TaskNews(BegunRun: root.Text("run_id")),
            "task_notification" => new CliMessage.TaskNews(Report: root.Text("summary")),
            _ => null,
        };

    private static CliMessage.ControlResponse ReadControlResponse(JsonElement response) => new(
        response.Text("request_id") ?? string.Empty,
        response.Text("subtype") == "success" ? null : response.Text("error") ?? "unknown error");

    private static CliMessage.ControlRequest ReadControlRequest(JsonElement root)
    {
        var id = root.Text("request_id") ?? string.Empty;
        if (root.Member("request") is not { } request || request.Text("subtype") is not { } subtype)
        {
            return new CliMessage.ControlRequest(id, string.Empty);
        }

        var input = request.Member("input") is { ValueKind: JsonValueKind.Object } given ? given.Clone() : s_noInput;
        var question = subtype == "can_use_tool" && request.Text("tool_name") is { } tool && CanBeTold(input)
            ? new PermissionQuestion(id, tool, input, request.Text("description"), request.Text("tool_use_id"))
            : null;
        return new CliMessage.ControlRequest(id, subtype, question);
    }

    // What cannot be shown to anybody cannot be allowed either.
    private static bool CanBeTold(JsonElement input)
    {
        try
        {
            using var writer = new Utf8JsonWriter(Stream.Null);
            input.WriteTo(writer);
            return true;
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            return false;
        }
    }

    // Parsed, a line of nothing but brackets takes many times its size.
    private static bool IsBomb(ReadOnlySpan<byte> line)
    {
        if (line.Length <= MaxTokens || line.Count((byte)'[') + line.Count((byte)'{') + line.Count((byte)',') <= MaxTokens)
        {
            return false;
        }

        var reader = new Utf8JsonReader(line);
        var tokens = 0;
        try
        {
            while (reader.Read())
            {
                tokens++;
            }
        }
        catch (JsonException)
        {
            // No message either way.
            return true;
        }

        return tokens > MaxTokens;
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
                new CliMessage.TextDelta(delta.Member("text") is { ValueKind: JsonValueKind.String } text ? text.Value(keepHalves: true) : string.Empty, root.Text("api_message_id"), (int)inner.Integer("index")),
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

        var message = root.GetProperty("message");
        return new CliMessage.Assistant(MessageContent.TextOf(message), root.Text("error"), ToolBlocks.ReadAll(content))
        {
            ContextTokens = root.Text("error") is null && message.Member("usage") is { } usage ? ReadUsage(usage).Sum() : null,
        };
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
        MessageIds = root.Texts("user_message_uuids") is { Count: > 0 } ids ? ids : [.. new[] { root.Text("user_message_uuid") }.OfType<string>()],
        RunId = root.Member("origin")?.Text("runId"),
        Usage = root.Member("usage") is { } usage ? ReadUsage(usage) : new TokenUsage(),
        TurnCostUsd = root.Member("model_usage_since_last_result") is { ValueKind: JsonValueKind.Object } models
            ? models.EnumerateObject().Sum(model => model.Value.Number("costUSD"))
            : null,
        ContextWindow = root.Member("modelUsage") is { ValueKind: JsonValueKind.Object } used
            ? used.EnumerateObject().Select(model => model.Value.OptionalInteger("contextWindow")).Max()
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

    private static long Sum(this TokenUsage usage) =>
        usage.InputTokens + usage.CacheReadTokens + usage.CacheWriteTokens + usage.OutputTokens;

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
