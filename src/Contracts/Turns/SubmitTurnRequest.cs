using System.Text.Json;

namespace FunctionsBroker.Contracts.Turns;

/// <summary>The body of <c>POST /api/sessions/{sessionId}/turns</c>.</summary>
public sealed record SubmitTurnRequest
{
    /// <summary>What the user says. At least one visible character, at most 1 MiB in UTF-8.</summary>
    public string? Prompt { get; init; }

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
