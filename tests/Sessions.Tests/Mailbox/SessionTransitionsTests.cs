using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Mailbox;

namespace FunctionsBroker.Sessions.Tests.Mailbox;

public sealed class SessionTransitionsTests
{
    private const int Limit = 2;

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
    public void AnySequence_OneTurnRuns_EveryAcceptedTurnStartsOnceInOrder()
    {
        var random = new Random(20261121);
        for (var round = 0; round < 200; round++)
        {
            var state = SessionState.Empty;
            List<TurnId> accepted = [];
            List<TurnId> started = [];
            HashSet<TurnId> refused = [];
            for (var step = 0; step < 60; step++)
            {
                var turn = TurnId.Parse($"t{random.Next(20)}");
                var isNew = !accepted.Contains(turn) && !refused.Contains(turn);
                var next = random.Next(3) < 2 ? Submit(state, turn) : Finish(state, turn, null);
                if (next.Effects.OfType<SessionEffect.Refuse>().Any())
                {
                    refused.Add(turn);
                }
                else if (isNew && (next.State.Running?.TurnId == turn || next.State.Waiting.Any(ticket => ticket.TurnId == turn)))
                {
                    accepted.Add(turn);
                }

                started.AddRange(next.Effects.OfType<SessionEffect.Start>().Select(start => start.Ticket.TurnId));
                state = next.State;
                Assert.True(state.Waiting.Count <= Limit);
                Assert.False(state.Running is null && state.Waiting.Count > 0);
            }

            Assert.Equal(accepted.Take(started.Count), started);
            Assert.Equal(accepted.Count - state.Waiting.Count, started.Count);
        }
    }

    private static SessionState After(SessionState state, params TurnId[] submitted) =>
        submitted.Aggregate(state, (current, turn) => Submit(current, turn).State);

    private static SessionTransition Submit(SessionState state, TurnId turn) =>
        SessionTransitions.Next(state, new SessionCommand.Submit(new TurnTicket(turn)), Limit);

    private static SessionTransition Finish(SessionState state, TurnId turn, Placement? placement) =>
        SessionTransitions.Next(state, new SessionCommand.Finish(turn, placement), Limit);
}
