using System.Net;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Tests.Running;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Keys;
using FunctionsBroker.TestKit;
using Microsoft.DurableTask.Client;
using RunningHost = FunctionsBroker.Functions.Tests.Running.FakeHost;

namespace FunctionsBroker.Functions.Tests.Fast;

/// <summary>Turns that run without their mailbox having heard of them, in the whole front: whatever comes next finds them.</summary>
public sealed class AheadTests(SharedFront running) : RunningFrontTest(running)
{
    [Fact(Timeout = Patience)]
    public async Task Answer_IsHeardWithoutAnOrchestration()
    {
        await using var front = await StartAsync();
        var host = await BeginAheadAsync(front);

        await host.CompleteAsync("t2", "two");

        Assert.Equal("two", (await front.EndedAsync(Session, "t2")).Reply?.Text);
        Assert.Null(await FindOrchestrationAsync(front, "t2"));
    }

    [Fact(Timeout = Patience)]
    public async Task Cancel_StopsItOnItsHost()
    {
        await using var front = await StartAsync();
        var host = await BeginAheadAsync(front);

        using var answer = await front.CancelAsync(Session, "t2");

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var cancelled = await front.EndedAsync(Session, "t2");
        Assert.Equal((TurnStatus.Cancelled, AttemptOutcome.Cancelled), (cancelled.Status, Assert.Single(cancelled.Attempts).Outcome));
        await Eventually.BecomesTrueAsync(() => host.Cancelled.Contains("t2"), Cancellation);
        await front.AcceptAsync(Session, "t3", "say three");
        Assert.Equal("three", (await front.EndedAsync(Session, "t3")).Reply?.Text);
    }

    [Fact(Timeout = Patience)]
    public async Task Delete_StopsItAndLeavesNothing()
    {
        await using var front = await StartAsync();
        await front.PlaceAsync(Session, front.HostId("host-1"));
        var host = await BeginAheadAsync(front);

        using var answer = await front.DeleteAsync(Session, waitSeconds: 110);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(["t2"], host.Cancelled);
        Assert.Equal(ProblemCodes.TurnNotFound, (await front.FailAsync(HttpMethod.Get, $"/api/sessions/{Session}/turns/t2")).Code);
    }

    [Fact(Timeout = Patience)]
    public async Task NextTurns_WaitForIt()
    {
        await using var front = await StartAsync();
        var host = await BeginAheadAsync(front);
        await front.AcceptAsync(Session, "t3", "say three");
        await front.AcceptAsync(Session, "t4", "say four");
        Assert.Equal(["t1", "t2"], host.Received.Select(turn => turn.Request.TurnId));

        await host.CompleteAsync("t2", "two");

        await front.EndedAsync(Session, "t4");
        Assert.Equal(["t1", "t2", "t3", "t4"], host.Received.Select(turn => turn.Request.TurnId));
        Assert.All(host.Received, turn => Assert.Equal(1, turn.Request.Attempt));
    }

    [Fact(Timeout = Patience)]
    public async Task NextTurn_ThatMayNotWait_IsRefused()
    {
        await using var front = await StartAsync();
        await BeginAheadAsync(front);

        using var answer = await front.SubmitAsync(Session, "t3", new SubmitTurnRequest { Prompt = "say three", OnBusy = "reject" }, waitSeconds: 110);

        Assert.Equal(ProblemCodes.SessionBusy, (await RunningFront.ReadProblemAsync(answer)).Code);
    }

    [Fact(Timeout = Patience)]
    public async Task NextTurn_ThatInterrupts_StopsItAndRuns()
    {
        await using var front = await StartAsync();
        var host = await BeginAheadAsync(front);

        await front.AcceptAsync(Session, "t3", "say three", OnBusy.Interrupt);

        Assert.Equal(ProblemCodes.Interrupted, (await front.EndedAsync(Session, "t2")).Problem?.Code);
        Assert.Equal("three", (await front.EndedAsync(Session, "t3")).Reply?.Text);
        Assert.Equal(["t2"], host.Cancelled);
    }

    /// <summary>Has a first turn answered and begins a second one, with its host staying on the line.</summary>
    private async Task<RunningHost> BeginAheadAsync(RunningFront front)
    {
        await front.AcceptAsync(Session, "t1", "say one");
        await front.EndedAsync(Session, "t1");
        await front.FreeAsync(Session);
        front.Host().StaysOnTheLine = true;
        await front.AcceptAsync(Session, "t2", "hold");
        var host = await front.HostOfAsync(Session, "t2");
        Assert.Null(await FindOrchestrationAsync(front, "t2"));
        return host;
    }

    private Task<OrchestrationMetadata?> FindOrchestrationAsync(RunningFront front, string turn) =>
        front.Durable.GetInstanceAsync(StorageKeys.TurnInstanceId(SessionId.Parse(Session), TurnId.Parse(turn)), Cancellation);
}
