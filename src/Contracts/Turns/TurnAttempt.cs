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
