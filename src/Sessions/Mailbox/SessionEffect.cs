using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Sessions.Mailbox;

/// <summary>What has to be done after a transition.</summary>
public abstract record SessionEffect
{
    private SessionEffect()
    {
    }

    /// <summary>Begin the turn; at most one runs in a session.</summary>
    public sealed record Start(TurnTicket Ticket, Placement? Placement) : SessionEffect;

    /// <summary>End the turn without running it.</summary>
    public sealed record Refuse(TurnId TurnId, Problem Problem) : SessionEffect;
}
