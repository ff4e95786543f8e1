using FunctionsBroker.Contracts.Problems;

namespace FunctionsBroker.Contracts.Turns;

/// <summary>One try at running a turn on a session host.</summary>
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

    public string? Transport { get; init; }

    public TurnProcess? Process { get; init; }

    public Problem? Problem { get; init; }
}
