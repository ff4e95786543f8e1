using System.Text.Json;
using System.Text.Json.Serialization;
using FunctionsBroker.Contracts.Problems;

namespace FunctionsBroker.Contracts.Turns;

/// <summary>A turn as every call of the API shows it.</summary>
public sealed record TurnResource
{
    public required string TurnId { get; init; }

    public required string SessionId { get; init; }

    public required TurnStatus Status { get; init; }

    /// <summary>Who began it; null where somebody submitted it.</summary>
    public TurnOrigin? Origin { get; init; }

    /// <summary>The turn in which the work began that a turn of the origin <c>background</c> comes from; its metadata and reply queue are this turn's too.</summary>
    public string? BegunBy { get; init; }

    /// <summary>What the user said; only in a list that was asked for it.</summary>
    public string? Prompt { get; init; }

    /// <summary>What was done to the conversation before the prompt was told; null for nothing.</summary>
    public ConversationCommand? Command { get; init; }

    public Reply? Reply { get; init; }

    public IReadOnlyList<TurnAttempt> Attempts { get; init; } = [];

    public required TurnTimings Timings { get; init; }

    public JsonElement? Metadata { get; init; }

    public Problem? Problem { get; init; }
}

/// <summary>Who begins turns, apart from those who submit them.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TurnOrigin>))]
public enum TurnOrigin
{
    /// <summary>Claude itself, between two turns: a task reported that had outlived its turn, or a scheduled prompt was due.</summary>
    [JsonStringEnumMemberName("background")]
    Background,
}

/// <summary>When the stages of a turn were reached (UTC), and what the turn spent where.</summary>
public sealed record TurnTimings
{
    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Time the CLI spent waiting for the model, in milliseconds, as the CLI measured it.</summary>
    public long? ModelMs { get; init; }

    /// <summary>From the write of the prompt to the process until its result, in milliseconds, as the host measured it.</summary>
    public double? ProcessMs { get; init; }
}

/// <summary>A part of a session's turns, newest first.</summary>
public sealed record TurnPage
{
    public required IReadOnlyList<TurnResource> Turns { get; init; }

    /// <summary>The <c>before</c> of the next page; null when this is the last one.</summary>
    public string? Next { get; init; }
}
