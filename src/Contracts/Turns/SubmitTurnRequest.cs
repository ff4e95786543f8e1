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

    /// <summary>What to do when the session is busy. Only <c>queue</c> is known to this version.</summary>
    public string? OnBusy { get; init; }

    /// <summary>Not taken by this version; present so that it is refused and not ignored.</summary>
    public JsonElement? Attachments { get; init; }

    /// <summary>Not taken by this version; present so that it is refused and not ignored.</summary>
    public JsonElement? DeadlineSeconds { get; init; }
}
