using System.Text.Json.Nodes;

namespace FunctionsBroker.FakeCli;

/// <summary>Writes lines as the CLI does.</summary>
internal sealed class FakeOutput(TextWriter output)
{
    public void Raw(string line)
    {
        output.Write(line + "\n");
        output.Flush();
    }

    public void Write(JsonObject message) => Raw(message.ToJsonString());

    public void Lifecycle(string messageId, string state) =>
        Write(new JsonObject { ["type"] = "command_lifecycle", ["command_uuid"] = messageId, ["state"] = state });

    public void Assistant(string text) =>
        Write(new JsonObject
        {
            ["message"] = new JsonObject
            {
                ["role"] = "assistant",
                ["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = text }),
            },
            ["type"] = "assistant",
        });

    public void Result(string messageId, string? text, string terminalReason)
    {
        var isError = terminalReason != "completed";
        Write(new JsonObject
        {
            ["duration_api_ms"] = 1,
            ["subtype"] = isError ? "error_during_execution" : "success",
            ["is_error"] = isError,
            ["terminal_reason"] = terminalReason,
            ["result"] = text,
            ["total_cost_usd"] = 0.5,
            ["usage"] = new JsonObject { ["input_tokens"] = 3, ["output_tokens"] = 4 },
            ["user_message_uuids"] = new JsonArray(JsonValue.Create(messageId)),
            ["type"] = "result",
        });
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
}
