using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Functions.Tests.Running;

public sealed class FailoverTests(SharedFront running) : RunningFrontTest(running)
{
    [Fact(Timeout = Patience)]
    public async Task Host_DiesInTheMiddleOfATurn_AnotherHostRunsItUnderANewEpoch()
    {
        await using var front = await StartAsync(hosts: 2);
        await front.AcceptAsync(Session, "t1", "hold");
        var first = await front.HostOfAsync(Session, "t1");
        var lost = await first.HoldsAsync("t1");

        await first.DieAsync();

        var second = front.Other(first);
        var taken = await second.HoldsAsync("t1");
        Assert.Equal(lost.Request.Epoch + 1, taken.Request.Epoch);
        Assert.False(await first.RecordAsync(lost, "too late", null), "A host that lost the session ended its turn.");
        await second.CompleteAsync("t1", "answer");
        var ended = await front.EndedAsync(Session, "t1");
        Assert.Equal("answer", ended.Reply?.Text);
        Assert.Equal([AttemptOutcome.Lost, AttemptOutcome.Completed], ended.Attempts.Select(attempt => attempt.Outcome));
    }

    [Fact(Timeout = Patience)]
    public async Task Host_BeatsButCannotBeReached_LosesTheTurnAfterAWhile()
    {
        await using var front = await StartAsync(hosts: 2);
        await front.AcceptAsync(Session, "t1", "hold");
        var first = await front.HostOfAsync(Session, "t1");

        first.Mute = true;

        var second = front.Other(first);
        await second.CompleteAsync("t1", "answer");
        var ended = await front.EndedAsync(Session, "t1");
        Assert.Equal([AttemptOutcome.Lost, AttemptOutcome.Completed], ended.Attempts.Select(attempt => attempt.Outcome));
    }

    [Fact(Timeout = Patience)]
    public async Task Host_CannotCallBack_TheAnswerIsFoundInTheTable()
    {
        await using var front = await StartAsync();
        await front.AcceptAsync(Session, "t1", "hold");
        await front.AcceptAsync(Session, "t2", "say two");
        var turn = await front.Host().HoldsAsync("t1");

        Assert.True(await front.Host().RecordAsync(turn, "one", null));

        Assert.Equal("one", (await front.EndedAsync(Session, "t1")).Reply?.Text);
        Assert.Equal("two", (await front.EndedAsync(Session, "t2")).Reply?.Text);
    }

    [Fact(Timeout = Patience)]
    public async Task Host_BeginsAnewInTheMiddleOfATurn_RunsItAgainUnderANewEpoch()
    {
        await using var front = await StartAsync();
        await front.AcceptAsync(Session, "t1", "hold");
        var lost = await front.Host().HoldsAsync("t1");

        await front.Host().DieAsync();
        var again = await front.AddHostAsync("host-1");

        var taken = await again.HoldsAsync("t1");
        Assert.Equal(lost.Request.Epoch + 1, taken.Request.Epoch);
        Assert.Equal(2, taken.Request.Attempt);
        await again.CompleteAsync("t1", "answer");
        Assert.Equal("answer", (await front.EndedAsync(Session, "t1")).Reply?.Text);
    }

    [Fact(Timeout = Patience)]
    public async Task Host_BeginsAnewBetweenTurns_RejoinsWithANewEpoch()
    {
        await using var front = await StartAsync();
        await front.AcceptAsync(Session, "t1", "say one");
        await front.EndedAsync(Session, "t1");
        var before = Assert.Single(front.Host().Received).Request.Epoch;
        await front.Host().DieAsync();
        var again = await front.AddHostAsync("host-1");

        await front.AcceptAsync(Session, "t2", "say two");
        await front.EndedAsync(Session, "t2");
        await front.AcceptAsync(Session, "t3", "say three");
        await front.EndedAsync(Session, "t3");

        Assert.Equal([before + 1, before + 1], again.Received.Select(turn => turn.Request.Epoch));
    }

    [Fact(Timeout = Patience)]
    public async Task Session_OfSeveralTurns_StaysOnItsHost()
    {
        await using var front = await StartAsync(hosts: 3);
        for (var number = 1; number <= 4; number++)
        {
            await front.AcceptAsync(Session, $"t{number}", $"say {number}");
            await front.EndedAsync(Session, $"t{number}");
        }

        var hosts = new[] { "host-1", "host-2", "host-3" }.Select(id => front.Host(id).Received.Count);
        Assert.Equal([0, 0, 4], hosts.Order());
    }

    [Fact(Timeout = Patience)]
    public async Task Host_IsFull_AnotherOneTakesTheTurnAndNoAttemptIsSpent()
    {
        await using var front = await StartAsync(hosts: 2);
        front.Host("host-1").Refuse = _ => ProblemCatalogue.HostAtCapacity(20);

        await front.AcceptAsync(Session, "t1", "say one");

        var ended = await front.EndedAsync(Session, "t1");
        Assert.Equal("one", ended.Reply?.Text);
        Assert.Equal(front.HostId("host-2"), Assert.Single(ended.Attempts).HostId);
    }

    [Fact(Timeout = Patience)]
    public async Task Host_HandsATurnBackWhenItDrains_AnotherOneRunsIt()
    {
        await using var front = await StartAsync(hosts: 2);
        await front.AcceptAsync(Session, "t1", "hold");
        var first = await front.HostOfAsync(Session, "t1");
        first.Draining = true;
        await first.BeatAsync();

        await first.FailAsync("t1", ProblemCatalogue.HostDraining());

        var second = front.Other(first);
        await second.CompleteAsync("t1", "answer");
        Assert.Equal("answer", (await front.EndedAsync(Session, "t1")).Reply?.Text);
    }

    [Fact(Timeout = Patience)]
    public async Task Failure_ThatTheHostHasRetried_IsTriedOnEveryOtherHostOnce()
    {
        await using var front = await StartAsync(hosts: 2);
        await front.AcceptAsync(Session, "t1", "hold");
        var first = await front.HostOfAsync(Session, "t1");
        await first.FailAsync("t1", ProblemCatalogue.ProcessCrashed("x"));
        var second = front.Other(first);
        await second.FailAsync("t1", ProblemCatalogue.ProcessCrashed("x"));

        var failed = await front.EndedAsync(Session, "t1");

        Assert.Equal((TurnStatus.Failed, ProblemCodes.ProcessCrashed), (failed.Status, failed.Problem?.Code));
        Assert.Equal([first.Id, second.Id], failed.Attempts.Select(attempt => attempt.HostId));
    }

    [Fact(Timeout = Patience)]
    public async Task RateLimit_WithAReset_IsWaitedForOnTheSameHost()
    {
        await using var front = await StartAsync(hosts: 2);
        await front.AcceptAsync(Session, "t1", "hold");
        var first = await front.HostOfAsync(Session, "t1");
        var before = await first.HoldsAsync("t1");
        var limited = TimeProvider.System.GetUtcNow();
        await first.FailAsync("t1", ProblemCatalogue.ModelRateLimited("slow down", 6));

        await Eventually.BecomesTrueAsync(() => first.Received.Count == 2, Cancellation);

        Assert.True(TimeProvider.System.GetUtcNow() - limited >= TimeSpan.FromSeconds(6));
        Assert.Equal(before.Request.Epoch + 1, first.Received[1].Request.Epoch);
        await first.CompleteAsync("t1", "answer");
        Assert.Equal("answer", (await front.EndedAsync(Session, "t1")).Reply?.Text);
    }

    [Fact(Timeout = Patience)]
    public async Task Sessions_ManyAtOnce_AreSpreadOverTheHosts()
    {
        await using var front = await StartAsync(hosts: 3);

        await Task.WhenAll(Enumerable.Range(0, 30).Select(number => front.AcceptAsync($"{Session}-{number}", $"t{number}", "hold")));

        string[] ids = ["host-1", "host-2", "host-3"];
        await Eventually.BecomesTrueAsync(() => ids.Sum(id => front.Host(id).Received.Count) == 30, Cancellation);
        Assert.All(ids, id => Assert.InRange(front.Host(id).Received.Count, 5, 15));
        await Task.WhenAll(ids.SelectMany(id => front.Host(id).Received.Select(turn => front.Host(id).CompleteAsync(turn.Request.TurnId, "done"))));
    }
}
