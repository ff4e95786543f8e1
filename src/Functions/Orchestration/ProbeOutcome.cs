using FunctionsBroker.Contracts.Hosts;

namespace FunctionsBroker.Functions.Orchestration;

/// <summary>What has become of a turn.</summary>
internal sealed record ProbeOutcome
{
    /// <summary>The host no longer knows it, or is dead.</summary>
    public bool Lost { get; init; }

    /// <summary>The host did not answer, but is not dead for all that is known.</summary>
    public bool Silent { get; init; }

    /// <summary>How it ended; null while it runs or is lost.</summary>
    public TurnFinished? Finished { get; init; }
}
