using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Mailbox;

namespace FunctionsBroker.Sessions.Tests.Mailbox;

/// <summary>Submissions name the turns before theirs that had not ended: their signals may come in any order, and may be lost.</summary>
public sealed class SubmissionOrderTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly TurnId s_a = TurnId.Parse("a");
    private static readonly TurnId s_b = TurnId.Parse("b");
    private static readonly TurnId s_c = TurnId.Parse("c");
    private static readonly TurnId s_d = TurnId.Parse("d");

    [Fact]
    public void Submit_TurnBehindOnesThatAreNotKnown_TakesThemInBeforeIt()
    {
        var next = Submit(SessionState.Empty, new TurnTicket(s_c) { OpenBefore = [new(s_a), new(s_b) { ExpiresAt = s_now.AddMinutes(1) }] });

        Assert.Equal(s_a, next.State.Running?.TurnId);
        Assert.Equal([new(s_b) { ExpiresAt = s_now.AddMinutes(1) }, new(s_c)], next.State.Waiting);
        Assert.Equal(s_a, Assert.Single(next.Effects.OfType<SessionEffect.Start>()).Ticket.TurnId);

        // Their own submissions come late.
        Assert.Equal(next.State, After(next.State, s_a, s_b));
    }

    [Fact]
    public void Submit_TurnBehindOnesThatRunWaitOrHaveEnded_TakesThemInOnceOnly()
    {
        var state = Finish(After(SessionState.Empty, s_a, s_b), s_a).State;

        var next = Submit(state, new TurnTicket(s_c) { OpenBefore = [new(s_a), new(s_b)] });

        Assert.Equal((s_b, s_c), (next.State.Running?.TurnId, Assert.Single(next.State.Waiting).TurnId));
        Assert.Empty(next.Effects);
    }

    [Fact]
    public void Submit_TurnThatIsToInterruptOnesThatAreNotKnown_EndsTheOneThatWouldBeginBeforeIt()
    {
        var next = Submit(SessionState.Empty, new TurnTicket(s_b) { OnBusy = OnBusy.Interrupt, OpenBefore = [new(s_a)] });

        var ended = Assert.IsType<SessionEffect.Refuse>(Assert.Single(next.Effects));
        Assert.Equal((s_a, ProblemCodes.Interrupted), (ended.TurnId, ended.Problem.Code));
        Assert.Equal((s_a, s_b), (next.State.Running?.TurnId, Assert.Single(next.State.Waiting).TurnId));
    }

    [Fact]
    public void Submit_TurnThatIsToInterruptOneThatRunsAheadUnknown_EndsThatOneAsSoonAsItIsItsTurn()
    {
        var busy = After(SessionState.Empty, s_a);

        var urgent = Submit(busy, new TurnTicket(s_c) { OnBusy = OnBusy.Interrupt, OpenBefore = [new(s_b) { RunsAhead = true }] });
        var next = Finish(urgent.State, s_a);

        Assert.Equal((s_b, s_c), (next.State.Running?.TurnId, Assert.Single(next.State.Waiting).TurnId));
        Assert.Equal(s_b, Assert.IsType<SessionEffect.Refuse>(Assert.Single(next.Effects)).TurnId);
    }

    [Fact]
    public void Submit_InAnyOrderWithAnyOfThemLost_BeginsTurnsInTheirOrder()
    {
        // Each was added while all before it were open.
        TurnId[] turns = [s_a, s_b, s_c, s_d];
        TurnTicket[] tickets = [.. turns.Select((turn, index) => new TurnTicket(turn) { OpenBefore = [.. turns.Take(index).Select(id => new TurnTicket(id))] })];
        foreach (var arrivals in Arrangements(tickets))
        {
            List<TurnId> begun = [];
            var state = SessionState.Empty;
            foreach (var ticket in arrivals)
            {
                state = Take(Submit(state, ticket));
            }

            while (state.Running is { } running)
            {
                state = Take(Finish(state, running.TurnId));
            }

            Assert.Equal(turns.Take(begun.Count), begun);
            Assert.Equal(arrivals.Max(ticket => Array.IndexOf(turns, ticket.TurnId)) + 1, begun.Count);

            SessionState Take(SessionTransition next)
            {
                begun.AddRange(next.Effects.OfType<SessionEffect.Start>().Select(start => start.Ticket.TurnId));
                return next.State;
            }
        }
    }

    /// <summary>Every choice of at least one of the items, in every order.</summary>
    private static IEnumerable<IReadOnlyList<T>> Arrangements<T>(IReadOnlyList<T> items) =>
        items.SelectMany(first => Arrangements([.. items.Where(item => !Equals(item, first))]).Prepend([]).Select(rest => (IReadOnlyList<T>)[first, .. rest]));

    private static SessionTransition Submit(SessionState state, TurnTicket ticket) =>
        Next(state, new SessionCommand.Submit(ticket));

    private static SessionState After(SessionState state, params TurnId[] turns) =>
        turns.Aggregate(state, (before, turn) => Submit(before, new TurnTicket(turn)).State);

    private static SessionTransition Finish(SessionState state, TurnId turn) =>
        Next(state, new SessionCommand.Finish(turn, Placement: null));

    private static SessionTransition Next(SessionState state, SessionCommand command) =>
        SessionTransitions.Next(state, command, waitingLimit: 10, s_now);
}
