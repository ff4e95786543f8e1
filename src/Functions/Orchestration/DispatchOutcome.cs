using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Sessions.Mailbox;
using FunctionsBroker.Sessions.Turns;

namespace FunctionsBroker.Functions.Orchestration;

/// <summary>What came of a dispatch: <see cref="Ended"/>, a <see cref="Setback"/>, or a turn that a host has.</summary>
internal sealed record DispatchOutcome
{
    /// <summary>The turn has ended already; nothing was sent.</summary>
    public bool Ended { get; init; }

    /// <summary>Where the turn runs, or was offered in vain.</summary>
    public Placement? Placement { get; init; }

    /// <summary>The hosts that could have taken it as well.</summary>
    public IReadOnlyList<string> OtherHosts { get; init; } = [];

    /// <summary>Why no host has the turn; null when one has.</summary>
    public TurnSetback? Setback { get; init; }

    /// <summary>How the turn ended on the host, where it has run already under this epoch.</summary>
    public TurnFinished? Finished { get; init; }
}
