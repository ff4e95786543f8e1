using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Problems;

namespace FunctionsBroker.SessionHost.Actors;

/// <summary>What became of a turn that was handed to this host.</summary>
internal abstract record SubmitOutcome
{
    private SubmitOutcome()
    {
    }

    /// <summary>It runs, or has run already.</summary>
    public sealed record Accepted(HostTurn Turn) : SubmitOutcome;

    public sealed record Rejected(Problem Problem) : SubmitOutcome;
}
