using System.Net;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Mailbox;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Mailbox;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Functions.Tests.Running;

public sealed class BusyTests(SharedFront running) : RunningFrontTest(running)
{
    [Fact(Timeout = Patience)]
    public async Task Reject_BusySession_Is409AtOnceAndStaysSo()
    {
        await using var front = await StartAsync();
        await front.AcceptAsync(Session, "t1", "hold");
        await front.Host().HoldsAsync("t1");
        var body = new SubmitTurnRequest { Prompt = "say two", OnBusy = "reject" };

        using var refused = await front.SubmitAsync(Session, "t2", body);
        using var repeated = await front.SubmitAsync(Session, "t2", body);

        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Equal(ProblemCodes.SessionBusy, (await RunningFront.ReadProblemAsync(refused)).Code);
        Assert.Equal(HttpStatusCode.Conflict, repeated.StatusCode);
        var turn = await front.GetAsync(Session, "t2");
        Assert.Equal((TurnStatus.Failed, ProblemCodes.SessionBusy), (turn.Status, turn.Problem?.Code));
        await front.Host().CompleteAsync("t1", "one");
        Assert.Equal("one", (await front.EndedAsync(Session, "t1")).Reply?.Text);
    }

    [Fact(Timeout = Patience)]
    public async Task Reject_IdleSession_Runs()
    {
        await using var front = await StartAsync();

        using var answer = await front.SubmitAsync(Session, "t1", new SubmitTurnRequest { Prompt = "say one", OnBusy = "reject" }, waitSeconds: 110);

        Assert.Equal("one", (await RunningFront.ReadTurnAsync(answer)).Reply?.Text);
    }

    [Fact(Timeout = Patience)]
    public async Task Interrupt_BusySession_StopsTheRunningTurnAndRunsInItsOrder()
    {
        await using var front = await StartAsync();
        await front.AcceptAsync(Session, "t1", "hold");
        await front.AcceptAsync(Session, "t2", "say two");
        await front.Host().HoldsAsync("t1");

        await front.AcceptAsync(Session, "t3", "say three", OnBusy.Interrupt);

        var interrupted = await front.EndedAsync(Session, "t1");
        Assert.Equal((TurnStatus.Failed, ProblemCodes.Interrupted), (interrupted.Status, interrupted.Problem?.Code));
        Assert.Equal("three", (await front.EndedAsync(Session, "t3")).Reply?.Text);
        Assert.Equal(["t1", "t2", "t3"], front.Host().Received.Select(turn => turn.Request.TurnId));
    }

    [Theory(Timeout = Patience)]
    [InlineData(110)]
    [InlineData(0)]
    public async Task Queue_MoreTurnsThanMayWait_RefusesWith429AndRetryAfter(int waitSeconds)
    {
        await using var front = await StartAsync();
        await front.AcceptAsync(Session, "t1", "hold");
        await front.Host().HoldsAsync("t1");
        foreach (var waiting in (string[])["t2", "t3", "t4"])
        {
            await front.AcceptAsync(Session, waiting, $"say {waiting}");
        }

        await Eventually.BecomesTrueAsync(async () => await WaitingAsync(front) == 3, Cancellation);

        using var refused = await front.SubmitAsync(Session, "t5", new SubmitTurnRequest { Prompt = "say t5" }, waitSeconds);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal(ProblemCodes.SessionQueueFull, (await RunningFront.ReadProblemAsync(refused)).Code);
        using var again = await front.SubmitAsync(Session, "t2", new SubmitTurnRequest { Prompt = "say t2" }, waitSeconds: 0);
        Assert.Equal(HttpStatusCode.Accepted, again.StatusCode);
        await front.Host().CompleteAsync("t1", "one");
        Assert.Equal("t4", (await front.EndedAsync(Session, "t4")).Reply?.Text);
    }

    private async Task<int?> WaitingAsync(RunningFront front) =>
        (await front.Durable.Entities.GetEntityAsync<SessionState>(SessionEntity.IdOf(SessionId.Parse(Session)), Cancellation))?.State.Waiting.Count;
}
