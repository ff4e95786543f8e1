using System.Diagnostics;

namespace FunctionsBroker.Sessions.Mailbox;

/// <summary>Every legal move of a session, as one pure function.</summary>
/// <remarks>
/// What always holds: at most one turn runs; turns begin in the order in which they were submitted; every turn is begun
/// or refused exactly once, and none is forgotten before its end was reported; none runs while the session is erased.
/// </remarks>
public static class SessionTransitions
{
    /// <summary>Applies a command. Repeated and late commands leave the state as it is, because messages may come twice.</summary>
    /// <param name="waitingLimit">How many turns may wait behind the running one.</param>
    public static SessionTransition Next(SessionState state, SessionCommand command, int waitingLimit, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(command);
        ArgumentOutOfRangeException.ThrowIfNegative(waitingLimit);

        var move = new SessionMove(state, now);
        switch (command)
        {
            case SessionCommand.Submit(var ticket):
                move.Submit(ticket, waitingLimit);
                break;
            case SessionCommand.Finish(var turn, var placement):
                move.Finish(turn, placement);
                break;
            case SessionCommand.Cancel(var turn, var ticket):
                move.Learn(ticket is null ? [] : [ticket]);
                move.Cancel(turn);
                break;
            case SessionCommand.Expire(var turn):
                move.Expire(turn);
                break;
            case SessionCommand.Close(var onlyIfExpired) close:
                move.Learn(close.Open);
                move.Close(onlyIfExpired);
                break;
            case SessionCommand.Erased:
                move.Reopen();
                break;
            default:
                throw new UnreachableException();
        }

        return move.Result;
    }
}

/// <summary>The state after a command, and what follows from it, in order.</summary>
public sealed record SessionTransition(SessionState State, IReadOnlyList<SessionEffect> Effects);
