using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Tests.Running;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Keys;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Functions.Tests.Fast;

/// <summary>Turns that were given to their host ahead of their mailbox, in the whole front: the durable way takes them over.</summary>
public sealed class FastFailoverTests : RunningFrontTest
{
    [Fact(Timeout = Patience)]
    public async Task Host_DiesWithATurnThatItWasGivenAtOnce_AnotherHostRunsItUnderANewEpoch()
    {
        await using var front = await RunningFront.StartAsync(hosts: 2);
        var first = await BeginAtOnceAsync(front);
        var lost = await first.HoldsAsync("t2");

        await first.DieAsync();

        var second = front.Host(first.Id == "host-1" ? "host-2" : "host-1");
        var taken = await second.HoldsAsync("t2");
        Assert.Equal((lost.Request.Epoch + 1, 2), (taken.Request.Epoch, taken.Request.Attempt));
        Assert.False(await first.RecordAsync(lost, "too late", null), "A host that lost the session ended its turn.");
        await second.CompleteAsync("t2", "answer");
        var ended = await front.EndedAsync("s", "t2");
        Assert.Equal("answer", ended.Reply?.Text);
        Assert.Equal([AttemptOutcome.Lost, AttemptOutcome.Completed], ended.Attempts.Select(attempt => attempt.Outcome));
    }

    [Fact(Timeout = Patience)]
    public async Task Turn_GivenAtOnceThatFails_IsTriedOnTheOtherHost()
    {
        await using var front = await RunningFront.StartAsync(hosts: 2);
        var first = await BeginAtOnceAsync(front);

        await first.FailAsync("t2", ProblemCatalogue.ProcessCrashed("It ended."));

        var second = front.Host(first.Id == "host-1" ? "host-2" : "host-1");
        await second.HoldsAsync("t2");
        await second.CompleteAsync("t2", "answer");
        Assert.Equal("answer", (await front.EndedAsync("s", "t2")).Reply?.Text);
    }

    [Fact(Timeout = Patience)]
    public async Task Turn_GivenAtOnce_IsDispatchedOnceAndTheNextOnesWaitForIt()
    {
        await using var front = await RunningFront.StartAsync();
        var host = await BeginAtOnceAsync(front);
        await front.AcceptAsync("s", "t3", "say three");
        await front.AcceptAsync("s", "t4", "say four");

        Assert.Equal(["t1", "t2"], host.Received.Select(turn => turn.Request.TurnId));
        await host.CompleteAsync("t2", "two");
        await front.EndedAsync("s", "t4");

        Assert.Equal(["t1", "t2", "t3", "t4"], host.Received.Select(turn => turn.Request.TurnId));
        Assert.All(host.Received, turn => Assert.Equal(1, turn.Request.Attempt));
    }

    /// <summary>Has a first turn answered and begins a second one, which must go to the host at once; its orchestration waits for it.</summary>
    private static async Task<Running.FakeHost> BeginAtOnceAsync(RunningFront front)
    {
        await front.AcceptAsync("s", "t1", "say one");
        await front.EndedAsync("s", "t1");

        // A mailbox that still has the turn before lets the next one's orchestration ask the host for itself.
        await front.FreeAsync("s");
        await front.AcceptAsync("s", "t2", "hold");
        var host = await front.HostOfAsync("s", "t2");
        var turn = await front.GetAsync("s", "t2");

        // The attempt was opened when the turn was added.
        Assert.Equal(turn.Timings.CreatedAt, Assert.Single(turn.Attempts).StartedAt);
        var instance = StorageKeys.TurnInstanceId(SessionId.Parse("s"), TurnId.Parse("t2"));
        await Eventually.BecomesTrueAsync(async () => await front.Durable.GetInstanceAsync(instance, Cancellation) is not null, Cancellation);
        return host;
    }
}
