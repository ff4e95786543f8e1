using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Sessions.Mailbox;

namespace FunctionsBroker.Functions.Orchestration;

/// <summary>What came of a dispatch: exactly one of <see cref="Ended"/>, <see cref="Problem"/> or a running turn.</summary>
internal sealed record DispatchOutcome
{
    /// <summary>The turn has ended already; nothing was sent.</summary>
    public bool Ended { get; init; }

    /// <summary>Where the turn runs, or was offered in vain.</summary>
    public Placement? Placement { get; init; }

    /// <summary>Why no host has the turn; null when one has.</summary>
    public Problem? Problem { get; init; }
}
