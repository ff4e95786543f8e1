namespace FunctionsBroker.Contracts.Turns;

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
