using FunctionsBroker.Contracts.Problems;

namespace FunctionsBroker.Contracts.Turns;

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
