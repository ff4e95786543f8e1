using System.Text.Json.Serialization;
using FunctionsBroker.Contracts.Problems;

namespace FunctionsBroker.Contracts.Turns;

/// <summary>One dispatch of a turn to a session host.</summary>
public sealed record TurnAttempt
{
    /// <summary>From 1.</summary>
    public required int Number { get; init; }

    public required string HostId { get; init; }

    /// <summary>The placement epoch under which the host ran it.</summary>
    public required long Epoch { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public AttemptOutcome Outcome { get; init; }

    /// <summary>The transport of the last try.</summary>
    public string? Transport { get; init; }

    /// <summary>The process of the last try.</summary>
    public TurnProcess? Process { get; init; }

    /// <summary>What the host did to get an answer, in order; empty while it is at it.</summary>
    public IReadOnlyList<TurnTry> Tries { get; init; } = [];

    public Problem? Problem { get; init; }
}

public enum AttemptOutcome
{
    [JsonStringEnumMemberName("running")]
    Running,

    [JsonStringEnumMemberName("completed")]
    Completed,

    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>The host went away; what it did is unknown and no longer counts.</summary>
    [JsonStringEnumMemberName("lost")]
    Lost,

    /// <summary>Somebody cancelled the turn.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,
}

/// <summary>One try at getting an answer, within an attempt: one prompt by one transport.</summary>
public sealed record TurnTry
{
    /// <summary>How the prompt was sent: <c>stream-json</c>, <c>one-shot</c> or <c>api</c>.</summary>
    public required string Transport { get; init; }

    /// <summary>Null when none came up, and where the transport needs none.</summary>
    public TurnProcess? Process { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset FinishedAt { get; init; }

    /// <summary>Completed or failed.</summary>
    public required AttemptOutcome Outcome { get; init; }

    /// <summary>Why it failed.</summary>
    public Problem? Problem { get; init; }
}

/// <summary>The <c>claude</c> process that a turn ran in.</summary>
public sealed record TurnProcess
{
    /// <summary>Process id on the session host.</summary>
    public required int Pid { get; init; }

    /// <summary>When the process was started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Which turn of this process it was, from 1.</summary>
    public required int Turn { get; init; }

    /// <summary>Whether the process took up an earlier conversation from its transcript.</summary>
    public bool Resumed { get; init; }
}
