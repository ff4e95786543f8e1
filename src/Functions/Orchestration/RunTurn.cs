using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Mailbox;

namespace FunctionsBroker.Functions.Orchestration;

/// <summary>Input of <see cref="TurnOrchestration"/>.</summary>
internal sealed record RunTurn(SessionId SessionId, TurnId TurnId, TurnPolicy Policy)
{
    /// <summary>Where the session was placed last; null when nowhere.</summary>
    public Placement? Placement { get; init; }

    /// <summary>Whether the host of the placement has the turn already.</summary>
    public bool Dispatched { get; init; }

    /// <summary>Why the turn may not run at all; null when it may.</summary>
    public Problem? Refusal { get; init; }
}
