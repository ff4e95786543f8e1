using System.Diagnostics;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Sessions.Mailbox;

/// <summary>Every legal move of a session, as one pure function.</summary>
public static class SessionTransitions
{
    /// <summary>Applies a command. Repeated and late commands leave the state as it is, because messages may come twice.</summary>
    /// <param name="waitingLimit">How many turns may wait behind the running one.</param>
    public static SessionTransition Next(SessionState state, SessionCommand command, int waitingLimit)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(command);
        ArgumentOutOfRangeException.ThrowIfNegative(waitingLimit);

        return command switch
        {
            SessionCommand.Submit submit => Submit(state, submit.Ticket, waitingLimit),
            SessionCommand.Finish finish => Finish(state, finish),
            _ => throw new UnreachableException(),
        };
    }

    private static SessionTransition Submit(SessionState state, TurnTicket ticket, int waitingLimit)
    {
        if (IsKnown(state, ticket.TurnId))
        {
            return new SessionTransition(state, []);
        }

        if (state.Running is null)
        {
            return new SessionTransition(
                state with { Running = ticket },
                [new SessionEffect.Start(ticket, state.Placement)]);
        }

        if (state.Waiting.Count >= waitingLimit)
        {
            return new SessionTransition(
                state with { Recent = Remember(state.Recent, ticket.TurnId) },
                [new SessionEffect.Refuse(ticket.TurnId, ProblemCatalogue.SessionQueueFull(waitingLimit))]);
        }

        return new SessionTransition(state with { Waiting = [.. state.Waiting, ticket] }, []);
    }

    private static SessionTransition Finish(SessionState state, SessionCommand.Finish finish)
    {
        if (state.Running?.TurnId != finish.TurnId)
        {
            return new SessionTransition(state, []);
        }

        var placement = Newer(state.Placement, finish.Placement);
        var ended = state with
        {
            Running = null,
            Placement = placement,
            Recent = Remember(state.Recent, finish.TurnId),
        };

        if (state.Waiting.Count == 0)
        {
            return new SessionTransition(ended, []);
        }

        var next = state.Waiting[0];
        return new SessionTransition(
            ended with { Running = next, Waiting = [.. state.Waiting.Skip(1)] },
            [new SessionEffect.Start(next, placement)]);
    }

    private static bool IsKnown(SessionState state, TurnId turn) =>
        state.Running?.TurnId == turn
        || state.Waiting.Any(waiting => waiting.TurnId == turn)
        || state.Recent.Contains(turn);

    private static Placement? Newer(Placement? held, Placement? reported) =>
        reported is not null && (held is null || reported.Epoch >= held.Epoch) ? reported : held;

    private static IReadOnlyList<TurnId> Remember(IReadOnlyList<TurnId> recent, TurnId turn) =>
        [.. recent.Skip(recent.Count + 1 - SessionState.RecentTurns), turn];
}
