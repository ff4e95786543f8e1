using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Mailbox;

namespace FunctionsBroker.Functions.Orchestration;

/// <summary>Input of <see cref="TurnOrchestration"/>.</summary>
internal sealed record RunTurn(SessionId SessionId, TurnId TurnId, TurnPolicy Policy)
{
    /// <summary>Where the session was placed last; null when nowhere.</summary>
    public Placement? Placement { get; init; }

    /// <summary>The host that has the turn already, under the placement; null when it is to be given to one.</summary>
    public TurnDispatch? Dispatched { get; init; }

    /// <summary>When it ends as expired unless it has ended before; null when it has no deadline.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Why the turn may not run at all; null when it may.</summary>
    public Problem? Refusal { get; init; }
}
