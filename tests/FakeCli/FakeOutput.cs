using System.Text.Json.Nodes;

namespace FunctionsBroker.FakeCli;

/// <summary>Writes lines as the CLI does.</summary>
/// <param name="correlates">Whether it names the lines that its own are about.</param>
internal sealed class FakeOutput(TextWriter output, bool correlates)
{
    public void RawBytes(byte[] bytes)
    {
        output.Flush();
        using var stream = Console.OpenStandardOutput();
        stream.Write(bytes);
    }

    public void Raw(string line)
    {
        output.Write(line + "\n");
        output.Flush();
    }

    public void Write(JsonObject message) => Raw(message.ToJsonString());

    public void Lifecycle(string messageId, string state)
    {
        if (correlates)
        {
            Write(new JsonObject { ["type"] = "command_lifecycle", ["command_uuid"] = messageId, ["state"] = state });
        }
    }

    public void Delta(string text) =>
        Write(new JsonObject
        {
            ["event"] = new JsonObject
            {
                ["type"] = "content_block_delta",
                ["index"] = 0,
                ["delta"] = new JsonObject { ["type"] = "text_delta", ["text"] = text },
            },
            ["api_message_id"] = "msg_1",
            ["type"] = "stream_event",
        });

    public void Abandon() =>
        Write(new JsonObject
        {
            ["event"] = new JsonObject { ["type"] = "message_stop" },
            ["abandoned_blocks"] = new JsonObject { ["api_message_id"] = "msg_1", ["from_block_index"] = 0 },
            ["type"] = "stream_event",
        });

    public void Assistant(string text) => Message("assistant", new JsonObject { ["type"] = "text", ["text"] = text });

    public void CallTool(string name) =>
        Message(
            "assistant",
            new JsonObject { ["type"] = "tool_use", ["id"] = "toolu_1", ["name"] = name, ["input"] = new JsonObject { ["a"] = 1 } });

    public void ToolResult(string text) =>
        Message("user", new JsonObject { ["type"] = "tool_result", ["tool_use_id"] = "toolu_1", ["content"] = text });

    public void Result(string messageId, string? text, string terminalReason)
    {
        var isError = terminalReason != "completed";
        var result = new JsonObject
        {
            ["duration_api_ms"] = 1,
            ["subtype"] = isError ? "error_during_execution" : "success",
            ["is_error"] = isError,
            ["terminal_reason"] = terminalReason,
            ["result"] = text,
            ["total_cost_usd"] = 0.5,
            ["usage"] = new JsonObject { ["input_tokens"] = 3, ["output_tokens"] = 4 },
            ["type"] = "result",
        };
        if (correlates)
        {
            result["user_message_uuids"] = new JsonArray(JsonValue.Create(messageId));
        }

        Write(result);
        Lifecycle(messageId, isError ? "cancelled" : "completed");
    }

    public void Answer(string requestId) =>
        Write(new JsonObject
        {
            ["type"] = "control_response",
            ["response"] = new JsonObject { ["subtype"] = "success", ["request_id"] = requestId, ["response"] = new JsonObject() },
        });

    public void Ask(string requestId) =>
        Write(new JsonObject
        {
            ["type"] = "control_request",
            ["request_id"] = requestId,
            ["request"] = new JsonObject
            {
                ["subtype"] = "can_use_tool",
                ["tool_name"] = "Write",
                ["input"] = new JsonObject { ["file_path"] = "f" },
                ["description"] = "f",
                ["tool_use_id"] = "toolu_1",
            },
        });

    public void Withdraw(string requestId) =>
        Write(new JsonObject { ["type"] = "control_cancel_request", ["request_id"] = requestId });

    private void Message(string role, JsonObject block) =>
        Write(new JsonObject
        {
            ["message"] = new JsonObject { ["role"] = role, ["content"] = new JsonArray(block) },
            ["type"] = role,
        });
}
