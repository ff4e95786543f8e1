using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.Contracts.Hosts;

/// <summary>A host's word that an attempt has ended. The reply itself is already in the Turns table by then.</summary>
public sealed record TurnFinished
{
    public required string SessionId { get; init; }

    public required string TurnId { get; init; }

    public required long Epoch { get; init; }

    /// <summary>Completed, failed, cancelled or lost; never running.</summary>
    public required AttemptOutcome Outcome { get; init; }

    /// <summary>Why, unless the attempt completed.</summary>
    public Problem? Problem { get; init; }
}
