using System.Net;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Tests.Running;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Keys;
using FunctionsBroker.TestKit;
using Microsoft.DurableTask.Client;

namespace FunctionsBroker.Functions.Tests.Fast;

/// <summary>Turns of which the mailbox has not heard: whatever comes next finds them.</summary>
public sealed partial class FastFailoverTests
{
    [Fact(Timeout = Patience)]
    public async Task Ahead_Answer_IsHeardWithoutAnOrchestration()
    {
        await using var front = await StartAsync();
        var host = await BeginAtOnceAsync(front, staysOnTheLine: true);

        await host.CompleteAsync("t2", "two");

        Assert.Equal("two", (await front.EndedAsync(Session, "t2")).Reply?.Text);
        Assert.Null(await FindOrchestrationAsync(front, "t2"));
    }

    [Fact(Timeout = Patience)]
    public async Task Ahead_Cancel_StopsItOnItsHost()
    {
        await using var front = await StartAsync();
        var host = await BeginAtOnceAsync(front, staysOnTheLine: true);

        using var answer = await front.CancelAsync(Session, "t2");

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var cancelled = await front.EndedAsync(Session, "t2");
        Assert.Equal((TurnStatus.Cancelled, AttemptOutcome.Cancelled), (cancelled.Status, Assert.Single(cancelled.Attempts).Outcome));
        await Eventually.BecomesTrueAsync(() => host.Cancelled.Contains("t2"), Cancellation);
        await front.AcceptAsync(Session, "t3", "say three");
        Assert.Equal("three", (await front.EndedAsync(Session, "t3")).Reply?.Text);
    }

    [Fact(Timeout = Patience)]
    public async Task Ahead_Delete_StopsItAndLeavesNothing()
    {
        await using var front = await StartAsync();
        await front.PlaceAsync(Session, front.HostId("host-1"));
        var host = await BeginAtOnceAsync(front, staysOnTheLine: true);

        using var answer = await front.DeleteAsync(Session, waitSeconds: 110);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(["t2"], host.Cancelled);
        Assert.Equal(ProblemCodes.TurnNotFound, (await front.FailAsync(HttpMethod.Get, $"/api/sessions/{Session}/turns/t2")).Code);
    }

    [Fact(Timeout = Patience)]
    public async Task Ahead_NextTurn_ThatMayNotWait_IsRefused()
    {
        await using var front = await StartAsync();
        await BeginAtOnceAsync(front, staysOnTheLine: true);

        using var answer = await front.SubmitAsync(Session, "t3", new SubmitTurnRequest { Prompt = "say three", OnBusy = "reject" }, waitSeconds: 110);

        Assert.Equal(ProblemCodes.SessionBusy, (await RunningFront.ReadProblemAsync(answer)).Code);
    }

    [Fact(Timeout = Patience)]
    public async Task Ahead_NextTurn_ThatInterrupts_StopsItAndRuns()
    {
        await using var front = await StartAsync();
        var host = await BeginAtOnceAsync(front, staysOnTheLine: true);

        await front.AcceptAsync(Session, "t3", "say three", OnBusy.Interrupt);

        Assert.Equal(ProblemCodes.Interrupted, (await front.EndedAsync(Session, "t2")).Problem?.Code);
        Assert.Equal("three", (await front.EndedAsync(Session, "t3")).Reply?.Text);
        Assert.Equal(["t2"], host.Cancelled);
    }

    private Task<OrchestrationMetadata?> FindOrchestrationAsync(RunningFront front, string turn) =>
        front.Durable.GetInstanceAsync(StorageKeys.TurnInstanceId(SessionId.Parse(Session), TurnId.Parse(turn)), Cancellation);
}
