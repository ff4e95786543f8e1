using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Sessions.Mailbox;

/// <summary>What has to be done after a transition.</summary>
public abstract record SessionEffect
{
    private SessionEffect()
    {
    }

    /// <summary>Begin the turn; at most one runs in a session. <see cref="SessionCommand.Finish"/> follows.</summary>
    public sealed record Start(TurnTicket Ticket, Placement? Placement) : SessionEffect
    {
        /// <summary>The host that has the turn already, under the placement; null when it is to be given to one.</summary>
        public TurnDispatch? Dispatched { get; init; }
    }

    /// <summary>End the turn without running it. <see cref="SessionCommand.Finish"/> follows.</summary>
    public sealed record Refuse(TurnId TurnId, Problem Problem) : SessionEffect;

    /// <summary>Stop the running turn; an answer that was there first still counts.</summary>
    public sealed record Interrupt(TurnId TurnId, Problem Problem) : SessionEffect;

    /// <summary>Ask with <see cref="SessionCommand.Expire"/> at that time.</summary>
    public sealed record Remind(TurnId TurnId, DateTimeOffset At) : SessionEffect;

    /// <summary>Erase everything of the session. <see cref="SessionCommand.Erased"/> follows.</summary>
    /// <param name="OnlyIfExpired">Unless it turns out to have been used meanwhile.</param>
    public sealed record Wipe(Placement? Placement, bool OnlyIfExpired) : SessionEffect;
}
