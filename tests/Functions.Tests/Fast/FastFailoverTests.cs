using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Hosts;
using FunctionsBroker.Functions.Orchestration;
using FunctionsBroker.Functions.Tests.Running;
using FunctionsBroker.Functions.Turns;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Mailbox;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.Sessions.Turns;
using FunctionsBroker.TestKit;
using RunningHost = FunctionsBroker.Functions.Tests.Running.FakeHost;

namespace FunctionsBroker.Functions.Tests.Fast;

/// <summary>Turns that were given to their host ahead of their mailbox, in the whole front: the durable way takes them over.</summary>
public sealed partial class FastFailoverTests(SharedFront running) : RunningFrontTest(running)
{
    [Fact(Timeout = Patience)]
    public async Task Host_DiesWithATurnThatItWasGivenAtOnce_AnotherHostRunsItUnderANewEpoch()
    {
        await using var front = await StartAsync(hosts: 2);
        var first = await BeginAtOnceAsync(front);
        var lost = await first.HoldsAsync("t2");

        await first.DieAsync();

        var second = front.Other(first);
        var taken = await second.HoldsAsync("t2");
        Assert.Equal((lost.Request.Epoch + 1, 2), (taken.Request.Epoch, taken.Request.Attempt));
        Assert.False(await first.RecordAsync(lost, "too late", null), "A host that lost the session ended its turn.");
        await second.CompleteAsync("t2", "answer");
        var ended = await front.EndedAsync(Session, "t2");
        Assert.Equal("answer", ended.Reply?.Text);
        Assert.Equal([AttemptOutcome.Lost, AttemptOutcome.Completed], ended.Attempts.Select(attempt => attempt.Outcome));
    }

    [Fact(Timeout = Patience)]
    public async Task Turn_GivenAtOnceThatFails_IsTriedOnTheOtherHost()
    {
        await using var front = await StartAsync(hosts: 2);
        var first = await BeginAtOnceAsync(front);

        await first.FailAsync("t2", ProblemCatalogue.ProcessCrashed("It ended."));

        var second = front.Other(first);
        await second.HoldsAsync("t2");
        await second.CompleteAsync("t2", "answer");
        Assert.Equal("answer", (await front.EndedAsync(Session, "t2")).Reply?.Text);
    }

    [Theory(Timeout = Patience)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Turn_GivenAtOnce_IsDispatchedOnceAndTheNextOnesWaitForIt(bool staysOnTheLine)
    {
        await using var front = await StartAsync();
        var host = await BeginAtOnceAsync(front, staysOnTheLine);
        await front.AcceptAsync(Session, "t3", "say three");
        await front.AcceptAsync(Session, "t4", "say four");

        Assert.Equal(["t1", "t2"], host.Received.Select(turn => turn.Request.TurnId));
        await host.CompleteAsync("t2", "two");
        await front.EndedAsync(Session, "t4");

        Assert.Equal(["t1", "t2", "t3", "t4"], host.Received.Select(turn => turn.Request.TurnId));
        Assert.All(host.Received, turn => Assert.Equal(1, turn.Request.Attempt));
    }

    [Fact(Timeout = Patience)]
    public async Task Turn_ThatADrainingHostRuns_IsLeftThere()
    {
        await using var front = await StartAsync(hosts: 2);
        var (turn, host) = await SendAheadAsync(front, taken: true);
        await DrainAsync(front, host);

        var outcome = await front.Get<TurnDispatcher>().DispatchAsync(new DispatchTurn(turn.SessionId, turn.TurnId), Cancellation);

        Assert.Equal((host.Id, turn.Epoch), (outcome.Placement?.HostId, outcome.Placement?.Epoch ?? 0));
        Assert.Equal([front.HostId("host-2")], outcome.OtherHosts);
        Assert.Null(outcome.Setback);
        Assert.Empty(front.Host("host-2").Received);
        Assert.Equal(AttemptOutcome.Running, Assert.Single((await front.GetAsync(Session, "t1")).Attempts).Outcome);
    }

    [Fact(Timeout = Patience)]
    public async Task Turn_ThatADrainingHostHasEnded_IsNotRunAgain()
    {
        await using var front = await StartAsync(hosts: 2);
        var (turn, host) = await SendAheadAsync(front, taken: true);
        host.Running("t1").Finished = host.Running("t1").ToMessage(ProblemCatalogue.HostDraining());
        await DrainAsync(front, host);

        var outcome = await front.Get<TurnDispatcher>().DispatchAsync(new DispatchTurn(turn.SessionId, turn.TurnId), Cancellation);

        Assert.Equal(ProblemCodes.HostDraining, outcome.Finished?.Problem?.Code);
        Assert.Empty(front.Host("host-2").Received);
    }

    [Theory(Timeout = Patience)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Turn_ThatADrainingHostDidNotTake_IsGivenToAnotherOne(bool mailboxKnowsThePlace)
    {
        await using var front = await StartAsync(hosts: 2);
        var (turn, host) = await SendAheadAsync(front, taken: false);
        await DrainAsync(front, host);
        var place = mailboxKnowsThePlace ? new Placement(host.Id, turn.Epoch) : null;

        var outcome = await front.Get<TurnDispatcher>().DispatchAsync(new DispatchTurn(turn.SessionId, turn.TurnId) { Placement = place }, Cancellation);

        Assert.Equal((front.HostId("host-2"), turn.Epoch + 1), (outcome.Placement?.HostId, outcome.Placement?.Epoch ?? 0));
        var attempts = (await front.GetAsync(Session, "t1")).Attempts;
        Assert.Equal([(host.Id, AttemptOutcome.Failed), (front.HostId("host-2"), AttemptOutcome.Running)], attempts.Select(attempt => (attempt.HostId, attempt.Outcome)));
        Assert.Equal(ProblemCodes.HostDraining, attempts[0].Problem?.Code);
        Assert.Equal(2, (await front.Host("host-2").HoldsAsync("t1")).Request.Attempt);
    }

    [Fact(Timeout = Patience)]
    public async Task Attempt_ThatIsKnownToBeLost_IsNotAskedForAtADrainingHost()
    {
        await using var front = await StartAsync(hosts: 2);
        var (turn, host) = await SendAheadAsync(front, taken: true);
        await DrainAsync(front, host);
        var next = new DispatchTurn(turn.SessionId, turn.TurnId) { Placement = new Placement(host.Id, turn.Epoch), RenewEpoch = true };

        var outcome = await front.Get<TurnDispatcher>().DispatchAsync(next, Cancellation);

        Assert.Equal((front.HostId("host-2"), turn.Epoch + 1), (outcome.Placement?.HostId, outcome.Placement?.Epoch ?? 0));
        Assert.Equal([AttemptOutcome.Lost, AttemptOutcome.Running], (await front.GetAsync(Session, "t1")).Attempts.Select(attempt => attempt.Outcome));
    }

    [Fact(Timeout = Patience)]
    public async Task Host_ThatCannotBeReached_HasRefusedTheTurn()
    {
        await using var front = await StartAsync(hosts: 2);
        var (turn, host) = await SendAheadAsync(front, taken: false);
        await front.Turns.UpdateAsync((await front.Turns.FindAsync(turn.SessionId, turn.TurnId, Cancellation))!, TurnAttempts.Withdraw(turn), Cancellation);
        await host.DieAsync(noticed: false);
        var first = new DispatchTurn(turn.SessionId, turn.TurnId) { Placement = new Placement(host.Id, turn.Epoch) };

        var unreached = await front.Get<TurnDispatcher>().DispatchAsync(first, Cancellation);
        var next = first with { Placement = unreached.Placement, PreviousProblem = unreached.Setback?.Problem, PreviousRefused = true, Avoid = [host.Id] };
        var taken = await front.Get<TurnDispatcher>().DispatchAsync(next, Cancellation);

        Assert.Equal((SetbackKind.Refused, ProblemCodes.HostUnreachable), (unreached.Setback?.Kind, unreached.Setback?.Problem.Code));
        Assert.Equal(front.HostId("host-2"), taken.Placement?.HostId);
        Assert.Equal(front.HostId("host-2"), Assert.Single((await front.GetAsync(Session, "t1")).Attempts).HostId);
    }

    [Fact(Timeout = Patience)]
    public async Task Host_ThatCannotBeReachedAnyMore_MayHaveRunTheTurn()
    {
        await using var front = await StartAsync(hosts: 2);
        var (turn, host) = await SendAheadAsync(front, taken: true);
        await host.DieAsync(noticed: false);

        var unreached = await front.Get<TurnDispatcher>().DispatchAsync(new DispatchTurn(turn.SessionId, turn.TurnId), Cancellation);

        Assert.Equal((SetbackKind.Silent, ProblemCodes.HostUnreachable), (unreached.Setback?.Kind, unreached.Setback?.Problem.Code));
    }

    /// <summary>A turn whose row says that host-1 was given it, with a mailbox that was not told.</summary>
    private async Task<(TurnRecord Turn, RunningHost Host)> SendAheadAsync(RunningFront front, bool taken)
    {
        var now = TimeProvider.System.GetUtcNow();
        var queued = new TurnRecord
        {
            SessionId = SessionId.Parse(Session),
            TurnId = TurnId.Parse("t1"),
            Status = TurnStatus.Queued,
            RequestHash = "hash",
            Timings = new TurnTimings { CreatedAt = now },
        };
        var turn = TurnAttempts.Begin(queued, front.HostId("host-1"), epoch: 5, null, now);
        await front.Turns.AddAsync(turn, "hold", Cancellation);
        if (taken)
        {
            var host = (await front.Get<HostDirectory>().ListAsync(Cancellation)).Single(known => known.HostId == front.HostId("host-1"));
            var request = front.Get<HostTurnRequests>().For(turn, "hold", []);
            Assert.IsType<HostAnswer.Holds>(await front.Get<SessionHostClient>().RunAsync(host, turn.SessionId, request, Cancellation));
        }

        return (turn, front.Host("host-1"));
    }

    private static async Task DrainAsync(RunningFront front, RunningHost host)
    {
        host.Draining = true;
        await host.BeatAsync();
        var directory = front.Get<HostDirectory>();
        await Eventually.BecomesTrueAsync(async () => (await directory.ListAsync(Cancellation)).Single(known => known.HostId == host.Id).Draining, Cancellation);
    }

    /// <summary>Has a first turn answered and begins a second one, which must go to the host at once; its orchestration waits for it.</summary>
    /// <param name="staysOnTheLine">Whether the host does, so that there is no orchestration.</param>
    private async Task<RunningHost> BeginAtOnceAsync(RunningFront front, bool staysOnTheLine = false)
    {
        await front.AcceptAsync(Session, "t1", "say one");
        await front.EndedAsync(Session, "t1");

        // A mailbox that still has the turn before lets the next one's orchestration ask the host for itself.
        await front.FreeAsync(Session);
        front.Host().StaysOnTheLine = staysOnTheLine;
        await front.AcceptAsync(Session, "t2", "hold");
        var host = await front.HostOfAsync(Session, "t2");
        var turn = await front.GetAsync(Session, "t2");

        // The attempt was opened when the turn was added.
        Assert.Equal(turn.Timings.CreatedAt, Assert.Single(turn.Attempts).StartedAt);
        if (staysOnTheLine)
        {
            Assert.Null(await FindOrchestrationAsync(front, "t2"));
        }
        else
        {
            await Eventually.BecomesTrueAsync(async () => await FindOrchestrationAsync(front, "t2") is not null, Cancellation);
        }

        return host;
    }
}
