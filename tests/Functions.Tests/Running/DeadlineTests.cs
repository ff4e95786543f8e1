using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.Functions.Tests.Running;

public sealed class DeadlineTests(SharedFront running) : RunningFrontTest(running)
{
    [Fact(Timeout = Patience)]
    public async Task Deadline_PassesWhileTheTurnWaits_ItExpiresWithoutHavingRun()
    {
        await using var front = await StartAsync();
        await front.AcceptAsync(Session, "t1", "hold");
        await front.AcceptAsync(Session, "t2", "hold", deadlineSeconds: 1);

        var expired = await front.EndedAsync(Session, "t2");

        Assert.Equal((TurnStatus.Expired, ProblemCodes.TurnExpired), (expired.Status, expired.Problem?.Code));
        Assert.Empty(expired.Attempts);
        Assert.True(expired.Timings.FinishedAt >= expired.Timings.CreatedAt.AddSeconds(1));
        await front.Host().CompleteAsync("t1", "one");
        Assert.Equal("one", (await front.EndedAsync(Session, "t1")).Reply?.Text);
    }

    [Fact(Timeout = Patience)]
    public async Task Deadline_PassesWhileTheTurnRuns_ItIsStoppedAndExpires()
    {
        await using var front = await StartAsync();
        await front.AcceptAsync(Session, "t1", "hold", deadlineSeconds: 2);
        await front.AcceptAsync(Session, "t2", "say two");

        var expired = await front.EndedAsync(Session, "t1");

        Assert.Equal((TurnStatus.Expired, ProblemCodes.TurnExpired), (expired.Status, expired.Problem?.Code));
        Assert.Single(expired.Attempts);
        Assert.Equal(["t1"], front.Host().Cancelled);
        Assert.Equal("two", (await front.EndedAsync(Session, "t2")).Reply?.Text);
    }

    [Fact(Timeout = Patience)]
    public async Task Deadline_PassesWhileNoHostIsUp_ItExpires()
    {
        await using var front = await StartAsync(hosts: 0);
        await front.AcceptAsync(Session, "t1", "hold", deadlineSeconds: 1);

        Assert.Equal(TurnStatus.Expired, (await front.EndedAsync(Session, "t1")).Status);
    }

    [Fact(Timeout = Patience)]
    public async Task Deadline_BeforeTheRateLimitsReset_FailsAtOnce()
    {
        await using var front = await StartAsync();
        await front.AcceptAsync(Session, "t1", "hold", deadlineSeconds: 600);

        await front.Host().FailAsync("t1", ProblemCatalogue.ModelRateLimited("later", 3600));

        var failed = await front.EndedAsync(Session, "t1");
        Assert.Equal((TurnStatus.Failed, ProblemCodes.ModelRateLimited), (failed.Status, failed.Problem?.Code));
        Assert.Equal(3600, failed.Problem?.RetryAfterSeconds);
    }

    [Fact(Timeout = Patience)]
    public async Task Deadline_AnswerIsThereFirst_Completes()
    {
        await using var front = await StartAsync();
        await front.AcceptAsync(Session, "t1", "say one", deadlineSeconds: 60);

        Assert.Equal(TurnStatus.Completed, (await front.EndedAsync(Session, "t1")).Status);
    }
}
