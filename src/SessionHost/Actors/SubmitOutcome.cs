using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.SessionHost.Actors;

/// <summary>What became of a turn that was handed to this host.</summary>
internal abstract record SubmitOutcome
{
    private SubmitOutcome()
    {
    }

    /// <summary>It runs, or has run already.</summary>
    /// <param name="Recorded">The turn's row once its end is in it; null when this host does not write it.</param>
    public sealed record Accepted(HostTurn Turn, Task<TurnRecord?> Recorded) : SubmitOutcome;

    public sealed record Rejected(Problem Problem) : SubmitOutcome;
}
