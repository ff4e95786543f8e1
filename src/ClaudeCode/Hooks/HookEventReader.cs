using System.Text.Json;
using FunctionsBroker.ClaudeCode.Protocol;

namespace FunctionsBroker.ClaudeCode.Hooks;

/// <summary>Reads the JSON that the CLI hands to its hooks: the same on stdin and over HTTP.</summary>
public static class HookEventReader
{
    /// <summary>The name under which the seed's configuration reports the end of a turn.</summary>
    public const string Complete = "complete";

    /// <summary>The largest body: a prompt of a megabyte, every character of it escaped.</summary>
    public const int MaxBodyBytes = 8 * 1024 * 1024;

    private const string Stop = "Stop";

    /// <summary>The events of which something follows here, as addresses name them.</summary>
    public static IReadOnlySet<string> Names { get; } =
        new HashSet<string>(StringComparer.Ordinal) { "UserPromptSubmit", Stop, Complete, "StopFailure", "SessionEnd", "PermissionRequest", "Notification" };

    /// <param name="name">What the address says that it is: an event's name or <see cref="Complete"/>.</param>
    /// <param name="body">The payload. What is missing from it is null; an empty one is an event without details.</param>
    /// <returns>Null when the body is no JSON object, or of another event than the address says.</returns>
    public static HookEvent? Read(string name, ReadOnlyMemory<byte> body)
    {
        ArgumentNullException.ThrowIfNull(name);

        var expected = name == Complete ? Stop : name;
        if (body.IsEmpty)
        {
            // A command hook that only knocks.
            return Of(expected, default);
        }

        try
        {
            using var document = JsonDocument.Parse(body);
            var payload = document.RootElement;
            return payload.ValueKind == JsonValueKind.Object && (payload.Text("hook_event_name") ?? expected) == expected ? Of(expected, payload) : null;
        }
        catch (JsonException)
        {
            // Told to the sender by its edge.
            return null;
        }
    }

    private static HookEvent Of(string name, JsonElement payload)
    {
        HookEvent read = name switch
        {
            "UserPromptSubmit" => new HookEvent.PromptSubmitted(payload.Text("prompt") ?? string.Empty),
            Stop => new HookEvent.Stopped(payload.Text("last_assistant_message")),
            "StopFailure" => new HookEvent.StopFailed(payload.Text("error"), payload.Text("last_assistant_message")),
            "SessionEnd" => new HookEvent.SessionEnded(payload.Text("reason")),
            "PermissionRequest" => new HookEvent.PermissionRequested(payload.Text("tool_name") ?? string.Empty, InputOf(payload)),
            "Notification" => new HookEvent.Notified(payload.Text("notification_type"), payload.Text("message")),
            _ => new HookEvent.Other(name),
        };
        return read with { PromptId = payload.Text("prompt_id") };
    }

    private static JsonElement InputOf(JsonElement payload) =>
        payload.Member("tool_input") is { ValueKind: JsonValueKind.Object } input ? input.Clone() : JsonElement.Parse("{}");
}
