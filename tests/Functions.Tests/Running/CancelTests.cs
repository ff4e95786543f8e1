using System.Net;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.Functions.Tests.Running;

public sealed class CancelTests(SharedFront running) : RunningFrontTest(running)
{
    [Fact(Timeout = Patience)]
    public async Task Cancel_WaitingTurn_EndsWithoutHavingRunAndTheOthersGoOn()
    {
        await using var front = await StartAsync();
        await front.AcceptAsync(Session, "t1", "hold");
        await front.AcceptAsync(Session, "t2", "hold");
        await front.AcceptAsync(Session, "t3", "say three");
        await front.Host().HoldsAsync("t1");

        using var answer = await front.CancelAsync(Session, "t2", waitSeconds: 110);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var cancelled = await RunningFront.ReadTurnAsync(answer);
        Assert.Equal((TurnStatus.Cancelled, ProblemCodes.TurnCancelled), (cancelled.Status, cancelled.Problem?.Code));
        Assert.Empty(cancelled.Attempts);
        await front.Host().CompleteAsync("t1", "one");
        Assert.Equal("three", (await front.EndedAsync(Session, "t3")).Reply?.Text);
        Assert.Equal(["t1", "t3"], front.Host().Received.Select(turn => turn.Request.TurnId));
    }

    [Fact(Timeout = Patience)]
    public async Task Cancel_RunningTurn_StopsItOnItsHostAndTheNextOneRuns()
    {
        await using var front = await StartAsync();
        await front.AcceptAsync(Session, "t1", "hold");
        await front.AcceptAsync(Session, "t2", "say two");
        await front.Host().HoldsAsync("t1");

        using var answer = await front.CancelAsync(Session, "t1");

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var cancelled = await front.EndedAsync(Session, "t1");
        Assert.Equal(TurnStatus.Cancelled, cancelled.Status);
        Assert.Equal(AttemptOutcome.Cancelled, Assert.Single(cancelled.Attempts).Outcome);
        Assert.Equal(["t1"], front.Host().Cancelled);
        Assert.Equal("two", (await front.EndedAsync(Session, "t2")).Reply?.Text);
    }

    [Fact(Timeout = Patience)]
    public async Task Cancel_EndedTurn_GivesItAsItIs()
    {
        await using var front = await StartAsync();
        await front.AcceptAsync(Session, "t1", "say one");
        await front.EndedAsync(Session, "t1");

        using var answer = await front.CancelAsync(Session, "t1");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("one", (await RunningFront.ReadTurnAsync(answer)).Reply?.Text);
    }

    [Fact(Timeout = Patience)]
    public async Task Cancel_UnknownTurnOrBadIds_IsAProblem()
    {
        await using var front = await StartAsync(hosts: 0);

        using var unknown = await front.CancelAsync(Session, "never");
        using var badSession = await front.CancelAsync("a%09b", "t");
        using var badTurn = await front.CancelAsync(Session, "a%09b");

        Assert.Equal(ProblemCodes.TurnNotFound, (await RunningFront.ReadProblemAsync(unknown)).Code);
        Assert.Equal(ProblemCodes.InvalidSessionId, (await RunningFront.ReadProblemAsync(badSession)).Code);
        Assert.Equal(ProblemCodes.InvalidTurnId, (await RunningFront.ReadProblemAsync(badTurn)).Code);
    }

    [Fact(Timeout = Patience)]
    public async Task Cancel_TurnThatNoHostTakes_EndsIt()
    {
        await using var front = await StartAsync(hosts: 0);
        await front.AcceptAsync(Session, "t1", "hold");

        using var answer = await front.CancelAsync(Session, "t1", waitSeconds: 110);

        Assert.Equal(TurnStatus.Cancelled, (await RunningFront.ReadTurnAsync(answer)).Status);
    }
}
