using System.Text;
using System.Text.Json;
using FunctionsBroker.ClaudeCode.Turns;

namespace FunctionsBroker.ClaudeCode.Hooks;

/// <summary>What a hook's sender is told: the CLI acts on it.</summary>
/// <param name="Json">The body of the answer; empty for one that changes nothing.</param>
public readonly record struct HookAnswer(string Json)
{
    /// <summary>The CLI goes on as if there were no hook.</summary>
    public static HookAnswer None { get; } = new(string.Empty);

    /// <summary>Decides a <see cref="HookEvent.PermissionRequested"/>.</summary>
    public static HookAnswer Of(PermissionDecision decision)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("hookSpecificOutput");
            writer.WriteString("hookEventName", "PermissionRequest");
            writer.WriteStartObject("decision");
            Write(writer, decision);
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return new HookAnswer(Encoding.UTF8.GetString(buffer.ToArray()));
    }

    private static void Write(Utf8JsonWriter writer, PermissionDecision decision)
    {
        switch (decision)
        {
            case PermissionDecision.Allow(var updated):
                writer.WriteString("behavior", "allow");
                if (updated is { } input)
                {
                    writer.WritePropertyName("updatedInput");
                    input.WriteTo(writer);
                }

                break;
            case PermissionDecision.Deny(var message, var interrupt):
                writer.WriteString("behavior", "deny");
                writer.WriteString("message", message);
                if (interrupt)
                {
                    writer.WriteBoolean("interrupt", true);
                }

                break;
        }
    }
}
