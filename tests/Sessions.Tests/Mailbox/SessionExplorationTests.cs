using System.Text.Json;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Mailbox;

namespace FunctionsBroker.Sessions.Tests.Mailbox;

/// <summary>
/// Visits every state that a session can get into with four turns of different kinds, by every command in every state, and checks each step
/// against what <see cref="SessionTransitions"/> promises. Commands come in any order, so every illegal move is among them.
/// </summary>
public sealed class SessionExplorationTests
{
    private const int Limit = 2;

    private static readonly DateTimeOffset s_before = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset s_deadline = s_before.AddMinutes(1);
    private static readonly DateTimeOffset s_after = s_before.AddMinutes(2);

    private static readonly TurnTicket s_plain = new(TurnId.Parse("plain"));
    private static readonly TurnTicket s_urgent = new(TurnId.Parse("urgent")) { OnBusy = OnBusy.Interrupt };
    private static readonly TurnTicket s_shy = new(TurnId.Parse("shy")) { OnBusy = OnBusy.Reject };
    private static readonly TurnTicket s_short = new(TurnId.Parse("short")) { ExpiresAt = s_deadline };
    private static readonly TurnTicket s_sent = new(TurnId.Parse("sent")) { Dispatched = new TurnDispatch(new Placement("host-1", 1), []) };
    private static readonly TurnTicket s_later = new(TurnId.Parse("later")) { OpenBefore = [s_plain, s_short] };

    /// <summary>Three that differ in what they do to a busy session, one with a deadline, one that a host has already, and one that knows of two before it.</summary>
    private static readonly TurnTicket[][] s_casts = [[s_plain, s_urgent, s_shy, s_short], [s_plain, s_urgent, s_sent], [s_plain, s_short, s_later, s_urgent]];

    private static readonly Lazy<IReadOnlyList<Step>> s_steps = new(() => [.. s_casts.SelectMany(Explore)]);

    [Fact]
    public void Exploration_VisitsManyStates()
    {
        var states = s_steps.Value.Select(step => Key(step.Before)).Distinct().Count();

        Assert.InRange(states, 500, 1_000_000);
    }

    [Fact]
    public void EveryStep_NeverStallsAndNeverRunsWhileItErases()
    {
        Each(step =>
        {
            var state = step.After;

            // A host may have these two already.
            Assert.True(state.Waiting.Count(ticket => ticket.TurnId != s_sent.TurnId && ticket.TurnId != s_plain.TurnId) <= Limit);
            Assert.False(state is { Phase: SessionPhase.Open, Running: null, Waiting.Count: > 0 });
            Assert.False(state is { Phase: SessionPhase.Closing, Running: null, Ending.Count: 0 });
            Assert.False(state is { Phase: SessionPhase.Erasing, Running: not null });
        });
    }

    [Fact]
    public void EveryStep_KeepsEveryTurnInExactlyOnePlace()
    {
        Each(step =>
        {
            var after = Places(step.After);
            Assert.Equal(after.Count, after.Distinct().Count());
            Assert.Subset(after.ToHashSet(), Kept(step).ToHashSet());
            Assert.Subset(Places(step.Before).Concat(NewBy(step.Command)).ToHashSet(), after.ToHashSet());
        });
    }

    [Fact]
    public void EveryStep_StartsOrRefusesATurnOnceOnly()
    {
        Each(step =>
        {
            foreach (var turn in Started(step).Concat(Refused(step)))
            {
                Assert.True(IsWaiting(step.Before, turn) || !Places(step.Before).Contains(turn));
            }

            // One that ran ahead and is stopped keeps its turn until its end is published; all others that are refused end beside the queue.
            var stopped = step.After.Running is { Interrupted: true } ? Running(step.After).Except(Running(step.Before)).ToList() : [];
            Assert.Equal(Refused(step), step.After.Ending.Except(step.Before.Ending).Concat(stopped));
            Assert.Equal(Started(step), Running(step.After).Except(Running(step.Before)).Except(stopped));
        });
    }

    [Fact]
    public void EveryStep_ForgetsNoTurnBeforeItsEndWasReported()
    {
        Each(step =>
        {
            var gone = Running(step.Before).Concat(step.Before.Ending).Except(Running(step.After).Concat(step.After.Ending));
            Assert.All(gone, turn => Assert.Equal(turn, (step.Command as SessionCommand.Finish)?.TurnId));
        });
    }

    [Fact]
    public void EveryStep_StartsTurnsInTheOrderOfTheirSubmission()
    {
        Each(step =>
        {
            var left = step.Before.Waiting.Select(ticket => ticket.TurnId).Except(Refused(step)).ToList();
            var now = Started(step).Concat(step.After.Waiting.Select(ticket => ticket.TurnId)).ToList();
            Assert.Equal(left, now.Take(left.Count));
            Assert.True(Started(step).Count <= 1);
        });
    }

    [Fact]
    public void EveryStep_InterruptsOnlyTheTurnThatRuns()
    {
        Each(step => Assert.All(
            step.Effects.OfType<SessionEffect.Interrupt>(),
            interrupt => Assert.Equal(interrupt.TurnId, step.After.Running?.TurnId)));
    }

    [Fact]
    public void EveryStep_WipesOnceAndOnlyWhenNothingIsLeft()
    {
        Each(step =>
        {
            var begins = step.After.Phase == SessionPhase.Erasing && (step.Before.Phase != SessionPhase.Erasing || step.Command is SessionCommand.Erased);
            Assert.Equal(begins ? 1 : 0, step.Effects.OfType<SessionEffect.Wipe>().Count());
            Assert.False(begins && (step.After.Running is not null || step.After.Ending.Count > 0));
        });
    }

    [Fact]
    public void EveryStep_RemindsOfADeadlineThatMayPassWhileTheTurnWaits()
    {
        Each(step =>
        {
            var waits = step.After.Waiting.Where(ticket => ticket.ExpiresAt is not null && !IsWaiting(step.Before, ticket.TurnId));
            Assert.All(waits, ticket => Assert.Contains(new SessionEffect.Remind(ticket.TurnId, s_deadline), step.Effects));
        });
    }

    [Fact]
    public void EveryRepeatedSubmission_ChangesNothing()
    {
        Each(step =>
        {
            if (step.Command is SessionCommand.Submit(var ticket) && Places(step.Before).Contains(ticket.TurnId))
            {
                Assert.Equal(step.Before, step.After);
                Assert.Empty(step.Effects);
            }
        });
    }

    [Fact]
    public void EveryClose_LeavesNoTurnThatCameBeforeItToRun()
    {
        Each(step =>
        {
            if (step.Command is SessionCommand.Close { OnlyIfExpired: false })
            {
                Assert.Empty(step.After.Waiting);
                var stopped = step.Effects.OfType<SessionEffect.Interrupt>().Select(interrupt => interrupt.TurnId);
                Assert.Equal(Running(step.After), [.. stopped, .. Refused(step).Where(turn => turn == step.After.Running?.TurnId)]);
                Assert.NotEqual(SessionPhase.Open, step.After.Phase);
            }
        });
    }

    [Fact]
    public void EveryState_ComesToRestWhenItsTurnsEndAndEndsEachOnce()
    {
        foreach (var start in s_steps.Value.Select(step => step.After).DistinctBy(Key))
        {
            List<TurnId> ended = [];
            var state = start;
            for (var moves = 0; NextEnd(state) is { } end; moves++)
            {
                Assert.True(moves < 20, "The session never comes to rest.");
                ended.AddRange(end is SessionCommand.Finish(var turn, _) ? [turn] : []);
                state = SessionTransitions.Next(state, end, Limit, s_after).State;
            }

            Assert.Equal(SessionPhase.Open, state.Phase);
            Assert.Equal(Places(start).Except(start.Recent).ToHashSet(), ended.ToHashSet());
            Assert.Equal(ended.Count, ended.Distinct().Count());
        }
    }

    private static SessionCommand? NextEnd(SessionState state) =>
        state switch
        {
            { Running: { } running } => new SessionCommand.Finish(running.TurnId, null),
            { Ending: [var ending, ..] } => new SessionCommand.Finish(ending, null),
            { Phase: SessionPhase.Erasing } => new SessionCommand.Erased(),
            _ => null,
        };

    private static List<Step> Explore(TurnTicket[] cast)
    {
        SessionCommand[] commands =
        [
            .. cast.Select(ticket => new SessionCommand.Submit(ticket)),
            .. cast.Select(ticket => new SessionCommand.Finish(ticket.TurnId, null)),
            .. cast.Select(ticket => new SessionCommand.Cancel(ticket.TurnId)),
            new SessionCommand.Cancel(cast[0].TurnId, cast[0]),
            .. cast.Select(ticket => new SessionCommand.Expire(ticket.TurnId)),
            new SessionCommand.Close(OnlyIfExpired: true),
            new SessionCommand.Close(OnlyIfExpired: false),
            new SessionCommand.Close(OnlyIfExpired: true) { Open = [cast[0]] },
            new SessionCommand.Close(OnlyIfExpired: false) { Open = [cast[0]] },
            new SessionCommand.Erased(),
        ];
        HashSet<string> seen = [Key(SessionState.Empty)];
        Queue<SessionState> open = new([SessionState.Empty]);
        List<Step> steps = [];
        while (open.TryDequeue(out var state))
        {
            foreach (var now in (DateTimeOffset[])[s_before, s_after])
            {
                foreach (var command in commands)
                {
                    var next = SessionTransitions.Next(state, command, Limit, now);
                    steps.Add(new Step(state, command, now, next.State, next.Effects));
                    if (seen.Add(Key(next.State)))
                    {
                        open.Enqueue(next.State);
                    }
                }
            }
        }

        return steps;
    }

    private static void Each(Action<Step> check)
    {
        foreach (var step in s_steps.Value)
        {
            try
            {
                check(step);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"{Key(step.Before)} by {step.Command} at {step.Now:t} to {Key(step.After)} with {string.Join(", ", step.Effects)}", exception);
            }
        }
    }

    // Which turn ended when is not part of the state's behaviour.
    private static string Key(SessionState state) =>
        JsonSerializer.Serialize(state with { Recent = [.. state.Recent.Order(Comparer<TurnId>.Create(Compare))] });

    private static int Compare(TurnId one, TurnId other) => string.CompareOrdinal(one.Value, other.Value);

    private static List<TurnId> Places(SessionState state) =>
        [.. Running(state), .. state.Waiting.Select(ticket => ticket.TurnId), .. state.Ending, .. state.Recent];

    // The turns of a session that was erased are gone, and their ids may be used anew.
    private static List<TurnId> Kept(Step step) =>
        step is { Command: SessionCommand.Erased, Before.Phase: SessionPhase.Erasing }
            ? [.. Places(step.Before).Except(step.Before.Recent)]
            : Places(step.Before);

    private static IReadOnlyList<TurnId> Running(SessionState state) => state.Running is { } running ? [running.TurnId] : [];

    private static bool IsWaiting(SessionState state, TurnId turn) => state.Waiting.Any(ticket => ticket.TurnId == turn);

    private static List<TurnId> Started(Step step) =>
        [.. step.Effects.OfType<SessionEffect.Start>().Select(start => start.Ticket.TurnId)];

    private static List<TurnId> Refused(Step step) =>
        [.. step.Effects.OfType<SessionEffect.Refuse>().Select(refuse => refuse.TurnId)];

    private static IReadOnlyList<TurnId> NewBy(SessionCommand command) =>
        command switch
        {
            SessionCommand.Submit(var ticket) => [ticket.TurnId, .. ticket.OpenBefore?.Select(earlier => earlier.TurnId) ?? []],
            SessionCommand.Cancel(var turn, _) => [turn],
            SessionCommand.Close close => [.. close.Open.Select(ticket => ticket.TurnId)],
            _ => [],
        };

    private sealed record Step(
        SessionState Before,
        SessionCommand Command,
        DateTimeOffset Now,
        SessionState After,
        IReadOnlyList<SessionEffect> Effects);
}
