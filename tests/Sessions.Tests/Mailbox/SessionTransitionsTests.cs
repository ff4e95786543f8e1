using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Mailbox;

namespace FunctionsBroker.Sessions.Tests.Mailbox;

public sealed class SessionTransitionsTests
{
    private const int Limit = 2;

    private static readonly DateTimeOffset s_now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly TurnId s_a = TurnId.Parse("a");
    private static readonly TurnId s_b = TurnId.Parse("b");
    private static readonly TurnId s_c = TurnId.Parse("c");
    private static readonly TurnId s_d = TurnId.Parse("d");

    [Fact]
    public void Submit_IdleSession_StartsTheTurn()
    {
        var next = Submit(SessionState.Empty, s_a);

        Assert.Equal(s_a, next.State.Running?.TurnId);
        var start = Assert.IsType<SessionEffect.Start>(Assert.Single(next.Effects));
        Assert.Equal(s_a, start.Ticket.TurnId);
        Assert.Null(start.Placement);
    }

    [Fact]
    public void Submit_BusySession_WaitsInOrder()
    {
        var state = After(SessionState.Empty, s_a, s_b, s_c);

        Assert.Equal(s_a, state.Running?.TurnId);
        Assert.Equal([s_b, s_c], state.Waiting.Select(ticket => ticket.TurnId));
    }

    [Fact]
    public void Submit_FullQueue_RefusesAndKeepsTheState()
    {
        var full = After(SessionState.Empty, s_a, s_b, s_c);

        var next = Submit(full, s_d);

        var refuse = Assert.IsType<SessionEffect.Refuse>(Assert.Single(next.Effects));
        Assert.Equal(s_d, refuse.TurnId);
        Assert.Equal(ProblemCodes.SessionQueueFull, refuse.Problem.Code);
        Assert.Equal(full.Waiting, next.State.Waiting);
        Assert.Empty(Submit(next.State, s_d).Effects);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("b")]
    public void Submit_TurnThatIsThere_ChangesNothing(string turn)
    {
        var state = After(SessionState.Empty, s_a, s_b);

        var next = Submit(state, TurnId.Parse(turn));

        Assert.Empty(next.Effects);
        Assert.Equal(state, next.State);
    }

    [Fact]
    public void Submit_TurnThatEnded_ChangesNothing()
    {
        var ended = Finish(After(SessionState.Empty, s_a), s_a, null).State;

        Assert.Empty(Submit(ended, s_a).Effects);
        Assert.Null(Submit(ended, s_a).State.Running);
    }

    [Fact]
    public void Finish_RunningTurn_StartsTheNextWithThePlacement()
    {
        var placement = new Placement("host-1", 3);

        var next = Finish(After(SessionState.Empty, s_a, s_b, s_c), s_a, placement);

        Assert.Equal(s_b, next.State.Running?.TurnId);
        Assert.Equal(s_c, Assert.Single(next.State.Waiting).TurnId);
        var start = Assert.IsType<SessionEffect.Start>(Assert.Single(next.Effects));
        Assert.Equal(placement, start.Placement);
    }

    [Fact]
    public void Finish_LastTurn_LeavesTheSessionIdle()
    {
        var next = Finish(After(SessionState.Empty, s_a), s_a, new Placement("host-1", 1));

        Assert.Null(next.State.Running);
        Assert.Empty(next.Effects);
        Assert.Equal(s_a, Assert.Single(next.State.Recent));
    }

    [Theory]
    [InlineData("b")]
    [InlineData("never-seen")]
    public void Finish_TurnThatDoesNotRun_ChangesNothing(string turn)
    {
        var state = After(SessionState.Empty, s_a, s_b);

        var next = Finish(state, TurnId.Parse(turn), new Placement("host-9", 9));

        Assert.Empty(next.Effects);
        Assert.Equal(state, next.State);
    }

    [Fact]
    public void Finish_OlderEpoch_KeepsTheNewerPlacement()
    {
        var placed = Finish(After(SessionState.Empty, s_a), s_a, new Placement("host-2", 5)).State;

        var next = Finish(Submit(placed, s_b).State, s_b, new Placement("host-1", 4));

        Assert.Equal(new Placement("host-2", 5), next.State.Placement);
    }

    [Fact]
    public void Finish_WithoutPlacement_KeepsTheHeldOne()
    {
        var placed = Finish(After(SessionState.Empty, s_a), s_a, new Placement("host-2", 5)).State;

        Assert.Equal("host-2", Finish(Submit(placed, s_b).State, s_b, null).State.Placement?.HostId);
    }

    [Fact]
    public void Recent_ManyTurns_IsBounded()
    {
        var state = SessionState.Empty;
        for (var number = 0; number < SessionState.RecentTurns * 3; number++)
        {
            var turn = TurnId.Parse($"t{number}");
            state = Finish(Submit(state, turn).State, turn, null).State;
        }

        Assert.Equal(SessionState.RecentTurns, state.Recent.Count);
        Assert.Equal($"t{(SessionState.RecentTurns * 3) - 1}", state.Recent[^1].Value);
    }

    [Fact]
    public void Submit_InterruptToABusySession_StopsTheRunningTurnAndKeepsTheOrder()
    {
        var busy = After(SessionState.Empty, s_a, s_b);

        var next = Next(busy, new SessionCommand.Submit(new TurnTicket(s_c) { OnBusy = OnBusy.Interrupt }));

        Assert.Equal([s_b, s_c], next.State.Waiting.Select(ticket => ticket.TurnId));
        var interrupt = Assert.IsType<SessionEffect.Interrupt>(Assert.Single(next.Effects));
        Assert.Equal((s_a, ProblemCodes.Interrupted), (interrupt.TurnId, interrupt.Problem.Code));
    }

    [Fact]
    public void Submit_InterruptWhileATurnRunsAheadOfItsMailbox_StopsThatOneTooWhenItIsItsTurn()
    {
        var busy = Next(SessionState.Empty, new SessionCommand.Submit(new TurnTicket(s_a))).State;
        var ahead = Next(busy, new SessionCommand.Submit(new TurnTicket(s_b) { Dispatched = new TurnDispatch(new Placement("host", 1), OtherHosts: []) })).State;
        var urgent = Next(ahead, new SessionCommand.Submit(new TurnTicket(s_c) { OnBusy = OnBusy.Interrupt })).State;

        var second = Next(urgent, new SessionCommand.Finish(s_a, null));
        var third = Next(second.State, new SessionCommand.Finish(s_b, null));

        var stopped = Assert.IsType<SessionEffect.Refuse>(Assert.Single(second.Effects));
        Assert.Equal((s_b, ProblemCodes.Interrupted), (stopped.TurnId, stopped.Problem.Code));
        Assert.Equal(s_c, Assert.IsType<SessionEffect.Start>(Assert.Single(third.Effects)).Ticket.TurnId);
    }

    [Fact]
    public void Submit_InterruptToAFullSession_IsRefusedAndStopsNothing()
    {
        var full = After(SessionState.Empty, s_a, s_b, s_c);

        var next = Next(full, new SessionCommand.Submit(new TurnTicket(s_d) { OnBusy = OnBusy.Interrupt }));

        Assert.IsType<SessionEffect.Refuse>(Assert.Single(next.Effects));
    }

    [Fact]
    public void Submit_RejectToABusySession_IsRefused()
    {
        var next = Next(After(SessionState.Empty, s_a), new SessionCommand.Submit(new TurnTicket(s_b) { OnBusy = OnBusy.Reject }));

        AssertRefused(next, s_b, ProblemCodes.SessionBusy);
        Assert.Empty(next.State.Waiting);
        Assert.Equal([s_b], next.State.Ending);
    }

    [Theory]
    [InlineData(OnBusy.Interrupt)]
    [InlineData(OnBusy.Reject)]
    public void Submit_ToAnIdleSession_StartsWhateverOnBusySays(OnBusy onBusy)
    {
        var next = Next(SessionState.Empty, new SessionCommand.Submit(new TurnTicket(s_a) { OnBusy = onBusy }));

        Assert.IsType<SessionEffect.Start>(Assert.Single(next.Effects));
    }

    [Fact]
    public void Submit_TurnWithADeadlineThatMustWait_AsksToBeReminded()
    {
        var deadline = s_now.AddSeconds(5);

        var next = Next(After(SessionState.Empty, s_a), new SessionCommand.Submit(new TurnTicket(s_b) { ExpiresAt = deadline }));

        Assert.Equal(new SessionEffect.Remind(s_b, deadline), Assert.Single(next.Effects));
    }

    [Fact]
    public void Submit_TurnWhoseDeadlineHasPassed_IsRefused()
    {
        var next = Next(SessionState.Empty, new SessionCommand.Submit(new TurnTicket(s_a) { ExpiresAt = s_now }));

        AssertRefused(next, s_a, ProblemCodes.TurnExpired);
        Assert.Null(next.State.Running);
    }

    [Fact]
    public void Expire_TooEarly_AsksAgain()
    {
        var waiting = Next(After(SessionState.Empty, s_a), new SessionCommand.Submit(new TurnTicket(s_b) { ExpiresAt = s_now.AddSeconds(5) })).State;

        var early = Next(waiting, new SessionCommand.Expire(s_b));
        var due = SessionTransitions.Next(waiting, new SessionCommand.Expire(s_b), Limit, s_now.AddSeconds(5));

        Assert.Equal(waiting, early.State);
        Assert.IsType<SessionEffect.Remind>(Assert.Single(early.Effects));
        AssertRefused(due, s_b, ProblemCodes.TurnExpired);
        Assert.Empty(due.State.Waiting);
    }

    [Fact]
    public void Finish_NextTurnsDeadlineHasPassed_StartsTheOneAfterIt()
    {
        var state = After(SessionState.Empty, s_a);
        state = Next(state, new SessionCommand.Submit(new TurnTicket(s_b) { ExpiresAt = s_now.AddSeconds(5) })).State;
        state = Submit(state, s_c).State;

        var next = SessionTransitions.Next(state, new SessionCommand.Finish(s_a, null), Limit, s_now.AddSeconds(6));

        Assert.Equal(s_b, Assert.IsType<SessionEffect.Refuse>(next.Effects[0]).TurnId);
        Assert.Equal(s_c, Assert.IsType<SessionEffect.Start>(next.Effects[1]).Ticket.TurnId);
    }

    [Fact]
    public void Cancel_WaitingTurn_EndsItWithoutARun()
    {
        var next = Next(After(SessionState.Empty, s_a, s_b, s_c), new SessionCommand.Cancel(s_b));

        AssertRefused(next, s_b, ProblemCodes.TurnCancelled);
        Assert.Equal([s_c], next.State.Waiting.Select(ticket => ticket.TurnId));
    }

    [Fact]
    public void Cancel_RunningTurn_StopsItAndWaitsForItsEnd()
    {
        var state = After(SessionState.Empty, s_a, s_b);

        var next = Next(state, new SessionCommand.Cancel(s_a));

        Assert.Equal(state, next.State);
        var interrupt = Assert.IsType<SessionEffect.Interrupt>(Assert.Single(next.Effects));
        Assert.Equal((s_a, ProblemCodes.TurnCancelled), (interrupt.TurnId, interrupt.Problem.Code));
    }

    [Fact]
    public void Cancel_BeforeTheSubmissionArrives_KeepsTheTurnFromRunning()
    {
        var cancelled = Next(SessionState.Empty, new SessionCommand.Cancel(s_a));

        AssertRefused(cancelled, s_a, ProblemCodes.TurnCancelled);
        Assert.Empty(Submit(cancelled.State, s_a).Effects);
        Assert.Empty(Submit(Finish(cancelled.State, s_a, null).State, s_a).Effects);
    }

    [Fact]
    public void Close_BusySession_CancelsEveryTurnAndWipesWhenTheLastHasEnded()
    {
        var closing = Next(After(SessionState.Empty, s_a, s_b, s_c), new SessionCommand.Close(OnlyIfExpired: false));

        Assert.Equal([s_b, s_c], closing.Effects.OfType<SessionEffect.Refuse>().Select(refuse => refuse.TurnId));
        Assert.Equal(s_a, Assert.Single(closing.Effects.OfType<SessionEffect.Interrupt>()).TurnId);
        Assert.Empty(closing.Effects.OfType<SessionEffect.Wipe>());
        var state = Finish(Finish(closing.State, s_b, null).State, s_a, new Placement("host-1", 2)).State;
        var wipe = Assert.IsType<SessionEffect.Wipe>(Assert.Single(Finish(state, s_c, null).Effects));
        Assert.Equal((new Placement("host-1", 2), false), (wipe.Placement, wipe.OnlyIfExpired));
    }

    [Fact]
    public void Close_TurnsThatComeLater_WaitForTheErasureAndBeginAfterItUnderANewEpoch()
    {
        var placed = Finish(After(SessionState.Empty, s_a), s_a, new Placement("host-1", 2)).State;
        var erasing = Next(placed, new SessionCommand.Close(OnlyIfExpired: false)).State;

        var waiting = Submit(erasing, s_b);
        var open = Next(waiting.State, new SessionCommand.Erased());

        Assert.Empty(waiting.Effects);
        var start = Assert.IsType<SessionEffect.Start>(Assert.Single(open.Effects));
        Assert.Equal((s_b, 3), (start.Ticket.TurnId, start.Placement?.Epoch));
    }

    [Fact]
    public void Close_WhileItIsErased_CancelsWhatCameSinceAndErasesAgain()
    {
        var erasing = Next(SessionState.Empty, new SessionCommand.Close(OnlyIfExpired: true)).State;
        var closed = Next(Submit(erasing, s_a).State, new SessionCommand.Close(OnlyIfExpired: false));

        AssertRefused(closed, s_a, ProblemCodes.TurnCancelled);
        var ended = Finish(closed.State, s_a, null);
        Assert.Empty(ended.Effects);
        Assert.False(Assert.IsType<SessionEffect.Wipe>(Assert.Single(Next(ended.State, new SessionCommand.Erased()).Effects)).OnlyIfExpired);
    }

    [Fact]
    public void Close_ForExpiry_LeavesASessionInUseAlone()
    {
        var busy = After(SessionState.Empty, s_a);

        var next = Next(busy, new SessionCommand.Close(OnlyIfExpired: true));

        Assert.Equal(busy, next.State);
        Assert.Empty(next.Effects);
        Assert.True(Assert.IsType<SessionEffect.Wipe>(Assert.Single(Next(SessionState.Empty, new SessionCommand.Close(OnlyIfExpired: true)).Effects)).OnlyIfExpired);
    }

    private static SessionState After(SessionState state, params TurnId[] submitted) =>
        submitted.Aggregate(state, (current, turn) => Submit(current, turn).State);

    [Fact]
    public void Submit_TurnThatAHostHas_StartsItThere()
    {
        var held = SessionState.Empty with { Placement = new Placement("host-1", 3) };
        var dispatch = new TurnDispatch(new Placement("host-1", 3) { HostStartedAt = s_now }, ["host-2"]);

        var next = Submit(held, new TurnTicket(s_a) { Dispatched = dispatch });

        var start = Assert.IsType<SessionEffect.Start>(Assert.Single(next.Effects));
        Assert.Equal((dispatch.Placement, dispatch), (start.Placement, start.Dispatched));
        Assert.Equal(new TurnTicket(s_a), next.State.Running);
    }

    [Fact]
    public void Submit_TurnThatAHostHasUnderAnEpochThatHasPassed_IsGivenToTheHeldPlacement()
    {
        var held = SessionState.Empty with { Placement = new Placement("host-2", 4) };

        var next = Submit(held, new TurnTicket(s_a) { Dispatched = new TurnDispatch(new Placement("host-1", 3), []) });

        var start = Assert.IsType<SessionEffect.Start>(Assert.Single(next.Effects));
        Assert.Equal((held.Placement, null), (start.Placement, start.Dispatched));
    }

    [Theory]
    [InlineData(OnBusy.Queue)]
    [InlineData(OnBusy.Reject)]
    [InlineData(OnBusy.Interrupt)]
    public void Submit_TurnThatAHostHasWhileTheEndOfTheOneBeforeIsOnItsWay_WaitsForThatAndDisturbsNobody(OnBusy onBusy)
    {
        var dispatch = new TurnDispatch(new Placement("host-1", 3), []);
        var full = After(SessionState.Empty, s_a, s_b, s_c);

        var waiting = Submit(full, new TurnTicket(s_d) { OnBusy = onBusy, Dispatched = dispatch });

        Assert.Empty(waiting.Effects);
        Assert.Equal([s_b, s_c, s_d], waiting.State.Waiting.Select(ticket => ticket.TurnId));

        // By then it may have ended long ago, which only a look at its row tells.
        var state = Finish(Finish(Finish(waiting.State, s_a, null).State, s_b, null).State, s_c, null);
        var start = Assert.IsType<SessionEffect.Start>(Assert.Single(state.Effects));
        Assert.Equal((s_d, null), (start.Ticket.TurnId, start.Dispatched));
    }

    private static SessionTransition Submit(SessionState state, TurnTicket ticket) =>
        Next(state, new SessionCommand.Submit(ticket));

    private static SessionTransition Submit(SessionState state, TurnId turn) =>
        Next(state, new SessionCommand.Submit(new TurnTicket(turn)));

    private static SessionTransition Finish(SessionState state, TurnId turn, Placement? placement) =>
        Next(state, new SessionCommand.Finish(turn, placement));

    private static SessionTransition Next(SessionState state, SessionCommand command) =>
        SessionTransitions.Next(state, command, Limit, s_now);

    private static void AssertRefused(SessionTransition next, TurnId turn, string code)
    {
        var refuse = Assert.IsType<SessionEffect.Refuse>(Assert.Single(next.Effects));
        Assert.Equal((turn, code), (refuse.TurnId, refuse.Problem.Code));
    }
}
