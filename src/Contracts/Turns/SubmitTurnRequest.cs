using System.Text.Json;
using System.Text.Json.Serialization;
using FunctionsBroker.Contracts.Serialization;

namespace FunctionsBroker.Contracts.Turns;

/// <summary>The body of <c>POST /api/sessions/{sessionId}/turns</c>.</summary>
public sealed record SubmitTurnRequest
{
    /// <summary>What the user says. At least one visible character, but for a turn that is only a command; at most 1 MiB in UTF-8.</summary>
    public string? Prompt { get; init; }

    /// <summary>What is done to the conversation before the prompt is told: <c>clear</c> or <c>compact</c>; null for nothing.</summary>
    public string? Command { get; init; }

    /// <summary>Anything the caller wants back untouched with the reply.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>The queue that the reply is sent to when the turn ends; one of the configured reply queues.</summary>
    public string? ReplyTo { get; init; }

    /// <summary>The profile that the session's process runs under; null keeps the session's own.</summary>
    public string? Profile { get; init; }

    /// <summary>What to do while another turn of the session runs: <c>queue</c>, the default, <c>interrupt</c> or <c>reject</c>.</summary>
    public string? OnBusy { get; init; }

    /// <summary>How long the turn may take from its submission to its end, waiting included: 1 to 86400 seconds; null sets no limit of its own.</summary>
    public int? DeadlineSeconds { get; init; }

    /// <summary>What the user sends along: up to 20 files of 20 MiB in all.</summary>
    public IReadOnlyList<Attachment>? Attachments { get; init; }
}

/// <summary>What becomes of a turn that comes while another one of its session runs.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OnBusy>))]
public enum OnBusy
{
    /// <summary>It waits behind those that came before it.</summary>
    [JsonStringEnumMemberName("queue")]
    Queue,

    /// <summary>The running turn is stopped, without losing the process; this one still waits behind those that came before it.</summary>
    [JsonStringEnumMemberName("interrupt")]
    Interrupt,

    /// <summary>It is refused with <c>session_busy</c>.</summary>
    [JsonStringEnumMemberName("reject")]
    Reject,
}

/// <summary>What is done to a session's conversation before the turn's prompt, if it has one, is told.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ConversationCommand>))]
public enum ConversationCommand
{
    /// <summary>A new conversation begins: Claude knows nothing of what was said. Files in the session's folder stay.</summary>
    [JsonStringEnumMemberName("clear")]
    Clear,

    /// <summary>Claude sums the conversation up, and goes on from the summary.</summary>
    [JsonStringEnumMemberName("compact")]
    Compact,
}

/// <summary>A file that the user sends along with a prompt.</summary>
/// <remarks>Images (PNG, JPEG, GIF, WebP), PDF, and text of any kind in UTF-8.</remarks>
public sealed record Attachment
{
    /// <summary>What the user calls it, 1 to 255 characters. The model is told the name of a document, not that of an image.</summary>
    public required string Name { get; init; }

    /// <summary>For example <c>image/png</c>, <c>application/pdf</c>, <c>text/csv</c>.</summary>
    public required string MediaType { get; init; }

    /// <summary>The file's bytes in base64.</summary>
    public required string Data { get; init; }
}

/// <summary>The body of <c>POST /api/inject</c>: submit one prompt and wait for its reply.</summary>
public sealed record InjectRequest
{
    [JsonPropertyName("session_id")]
    [JsonConverter(typeof(IdTextConverter))]
    public string? SessionId { get; init; }

    [JsonPropertyName("prompt")]
    public string? Prompt { get; init; }
}
