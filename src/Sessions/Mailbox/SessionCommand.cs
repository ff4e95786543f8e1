using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Sessions.Mailbox;

/// <summary>What can be asked of a session.</summary>
public abstract record SessionCommand
{
    private SessionCommand()
    {
    }

    /// <summary>Run this turn when its time comes. Asking again changes nothing.</summary>
    public sealed record Submit(TurnTicket Ticket) : SessionCommand;

    /// <summary>The turn has ended and its reply is published.</summary>
    /// <param name="Placement">Where it ran last; null when it never reached a host.</param>
    public sealed record Finish(TurnId TurnId, Placement? Placement) : SessionCommand;
}
