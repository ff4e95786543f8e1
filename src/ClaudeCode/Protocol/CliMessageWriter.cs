using System.Buffers;
using System.Diagnostics;
using System.Text.Json;
using FunctionsBroker.ClaudeCode.Turns;

namespace FunctionsBroker.ClaudeCode.Protocol;

/// <summary>Writes the lines that the CLI takes in <c>--input-format stream-json</c>, each with its newline.</summary>
/// <remarks>The CLI exits on a line that is not JSON or whose role is not <c>user</c>, so every line is made here.</remarks>
internal static class CliMessageWriter
{
    /// <summary>The subtype of the first request.</summary>
    public const string Initialize = "initialize";

    private const byte Newline = (byte)'\n';

    // As long as a turn may take at most.
    private const int HookTimeoutSeconds = 24 * 60 * 60;

    /// <summary>What the user says.</summary>
    /// <param name="messageId">The CLI's key for repetitions: a line with an id that it has seen is not run again.</param>
    public static ReadOnlyMemory<byte> User(Guid messageId, TurnPrompt prompt) =>
        Line(writer =>
        {
            writer.WriteString("type", "user");
            writer.WriteStartObject("message");
            writer.WriteString("role", "user");
            if (prompt.Attachments.Count == 0)
            {
                writer.WriteString("content", prompt.Text);
            }
            else
            {
                ContentBlocks.Write(writer, prompt);
            }

            writer.WriteEndObject();
            writer.WriteString("uuid", messageId);
            if (!(prompt.MayBeCommand && prompt.Text.StartsWith('/')))
            {
                // Measured on 2.1.329: without it the CLI attaches any file that the text mentions by "@path", and runs a command that it begins with.
                writer.WriteBoolean("client_composed", true);
            }

            writer.WriteNull("parent_tool_use_id");
        });

    /// <summary><c>initialize</c>, or <c>interrupt</c>, which has no arguments.</summary>
    /// <remarks><c>initialize</c> asks for a <c>hook_callback</c> before each tool, which waits for the answer (measured on 2.1.332).</remarks>
    public static ReadOnlyMemory<byte> ControlRequest(string requestId, string subtype) =>
        Line(writer =>
        {
            writer.WriteString("type", "control_request");
            writer.WriteString("request_id", requestId);
            writer.WriteStartObject("request");
            writer.WriteString("subtype", subtype);
            if (subtype == Initialize)
            {
                writer.WriteStartObject("hooks");
                writer.WriteStartArray("PreToolUse");
                writer.WriteStartObject();
                writer.WriteStartArray("hookCallbackIds");
                writer.WriteStringValue("before-tool");
                writer.WriteEndArray();
                writer.WriteNumber("timeout", HookTimeoutSeconds);
                writer.WriteEndObject();
                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        });

    /// <summary>Answers a <c>hook_callback</c>: the tool may go on to whatever decides about it.</summary>
    public static ReadOnlyMemory<byte> HookAnswer(string requestId) => ControlAnswer(requestId, _ => { });

    /// <summary>Refuses a request of the CLI, which otherwise waits for ever; it takes that as a no.</summary>
    public static ReadOnlyMemory<byte> ControlRefusal(string requestId, string reason) =>
        Line(writer =>
        {
            writer.WriteString("type", "control_response");
            writer.WriteStartObject("response");
            writer.WriteString("subtype", "error");
            writer.WriteString("request_id", requestId);
            writer.WriteString("error", reason);
            writer.WriteEndObject();
        });

    /// <summary>Answers whether a tool may run.</summary>
    public static ReadOnlyMemory<byte> PermissionAnswer(PermissionQuestion question, PermissionDecision decision) =>
        ControlAnswer(question.RequestId, writer =>
        {
            switch (decision)
            {
                case PermissionDecision.Allow(var updatedInput):
                    writer.WriteString("behavior", "allow");
                    writer.WritePropertyName("updatedInput"); // older versions want it also when nothing is changed
                    (updatedInput ?? question.Input).WriteTo(writer);
                    break;
                case PermissionDecision.Deny(var message, var interrupt):
                    writer.WriteString("behavior", "deny");
                    writer.WriteString("message", message);
                    writer.WriteBoolean("interrupt", interrupt);
                    break;
                default:
                    throw new UnreachableException(decision.GetType().Name);
            }
        });

    private static ReadOnlyMemory<byte> ControlAnswer(string requestId, Action<Utf8JsonWriter> writeAnswer) =>
        Line(writer =>
        {
            writer.WriteString("type", "control_response");
            writer.WriteStartObject("response");
            writer.WriteString("subtype", "success");
            writer.WriteString("request_id", requestId);
            writer.WriteStartObject("response");
            writeAnswer(writer);
            writer.WriteEndObject();
            writer.WriteEndObject();
        });

    private static ReadOnlyMemory<byte> Line(Action<Utf8JsonWriter> writeMembers)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writeMembers(writer);
            writer.WriteEndObject();
        }

        buffer.Write([Newline]);
        return buffer.WrittenMemory;
    }
}
