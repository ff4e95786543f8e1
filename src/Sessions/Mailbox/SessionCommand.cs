using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Sessions.Mailbox;

/// <summary>What can be asked of a session.</summary>
public abstract record SessionCommand
{
    private SessionCommand()
    {
    }

    /// <summary>Run this turn when its time comes, behind those that its ticket names as before it. Asking again changes nothing.</summary>
    public sealed record Submit(TurnTicket Ticket) : SessionCommand;

    /// <summary>The turn has ended and its reply is published.</summary>
    /// <param name="Placement">Where it ran last; null when it never reached a host.</param>
    public sealed record Finish(TurnId TurnId, Placement? Placement) : SessionCommand;

    /// <summary>Somebody does not want the turn any more.</summary>
    /// <param name="Ticket">Of a turn that may run without the mailbox having heard of it; null where it is not known to be there.</param>
    public sealed record Cancel(TurnId TurnId, TurnTicket? Ticket = null) : SessionCommand;

    /// <summary>The turn's deadline may have passed.</summary>
    public sealed record Expire(TurnId TurnId) : SessionCommand;

    /// <summary>End the session: its turns are cancelled, and when none is left, everything of it is erased.</summary>
    /// <param name="OnlyIfExpired">Because its time is up; a session in use is then left as it is.</param>
    public sealed record Close(bool OnlyIfExpired) : SessionCommand
    {
        /// <summary>Turns that may run without the mailbox having heard of them, oldest first.</summary>
        public IReadOnlyList<TurnTicket> Open { get; init; } = [];
    }

    /// <summary>The session has been erased, or that has failed; turns may begin again.</summary>
    public sealed record Erased : SessionCommand;
}
