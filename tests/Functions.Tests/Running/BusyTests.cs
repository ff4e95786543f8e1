using System.Net;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Mailbox;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Mailbox;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Functions.Tests.Running;

public sealed class BusyTests : RunningFrontTest
{
    [Fact(Timeout = Patience)]
    public async Task Reject_BusySession_Is409AtOnceAndStaysSo()
    {
        await using var front = await RunningFront.StartAsync();
        await front.AcceptAsync("s", "t1", "hold");
        await front.Host().HoldsAsync("t1");
        var body = new SubmitTurnRequest { Prompt = "say two", OnBusy = "reject" };

        using var refused = await front.SubmitAsync("s", "t2", body);
        using var repeated = await front.SubmitAsync("s", "t2", body);

        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Equal(ProblemCodes.SessionBusy, (await RunningFront.ReadProblemAsync(refused)).Code);
        Assert.Equal(HttpStatusCode.Conflict, repeated.StatusCode);
        var turn = await front.GetAsync("s", "t2");
        Assert.Equal((TurnStatus.Failed, ProblemCodes.SessionBusy), (turn.Status, turn.Problem?.Code));
        await front.Host().CompleteAsync("t1", "one");
        Assert.Equal("one", (await front.EndedAsync("s", "t1")).Reply?.Text);
    }

    [Fact(Timeout = Patience)]
    public async Task Reject_IdleSession_Runs()
    {
        await using var front = await RunningFront.StartAsync();

        using var answer = await front.SubmitAsync("s", "t1", new SubmitTurnRequest { Prompt = "say one", OnBusy = "reject" }, waitSeconds: 30);

        Assert.Equal("one", (await RunningFront.ReadTurnAsync(answer)).Reply?.Text);
    }

    [Fact(Timeout = Patience)]
    public async Task Interrupt_BusySession_StopsTheRunningTurnAndRunsInItsOrder()
    {
        await using var front = await RunningFront.StartAsync();
        await front.AcceptAsync("s", "t1", "hold");
        await front.AcceptAsync("s", "t2", "say two");
        await front.Host().HoldsAsync("t1");

        await front.AcceptAsync("s", "t3", "say three", OnBusy.Interrupt);

        var interrupted = await front.EndedAsync("s", "t1");
        Assert.Equal((TurnStatus.Failed, ProblemCodes.Interrupted), (interrupted.Status, interrupted.Problem?.Code));
        Assert.Equal("three", (await front.EndedAsync("s", "t3")).Reply?.Text);
        Assert.Equal(["t1", "t2", "t3"], front.Host().Received.Select(turn => turn.Request.TurnId));
    }

    [Theory(Timeout = Patience)]
    [InlineData(30)]
    [InlineData(0)]
    public async Task Queue_MoreTurnsThanMayWait_RefusesWith429AndRetryAfter(int waitSeconds)
    {
        await using var front = await RunningFront.StartAsync(hosts: 1, ("MaxWaitingTurns", "1"));
        await front.AcceptAsync("s", "t1", "hold");
        await front.Host().HoldsAsync("t1");
        await front.AcceptAsync("s", "t2", "say two");
        await Eventually.BecomesTrueAsync(async () => await WaitingAsync(front) == 1, Cancellation);

        using var refused = await front.SubmitAsync("s", "t3", new SubmitTurnRequest { Prompt = "say three" }, waitSeconds);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal(ProblemCodes.SessionQueueFull, (await RunningFront.ReadProblemAsync(refused)).Code);
        using var again = await front.SubmitAsync("s", "t2", new SubmitTurnRequest { Prompt = "say two" }, waitSeconds: 0);
        Assert.Equal(HttpStatusCode.Accepted, again.StatusCode);
        await front.Host().CompleteAsync("t1", "one");
        Assert.Equal("two", (await front.EndedAsync("s", "t2")).Reply?.Text);
    }

    private static async Task<int?> WaitingAsync(RunningFront front) =>
        (await front.Durable.Entities.GetEntityAsync<SessionState>(SessionEntity.IdOf(SessionId.Parse("s")), Cancellation))?.State.Waiting.Count;
}
