using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Functions.Tests.Running;

public sealed class DeadlineTests(SharedFront running) : RunningFrontTest(running)
{
    [Fact(Timeout = Patience)]
    public async Task Deadline_PassesWhileTheTurnWaits_ItExpiresWithoutHavingRun()
    {
        await using var front = await StartAsync();
        await front.AcceptAsync(Session, "t1", "hold");
        await front.AcceptAsync(Session, "t2", "hold", deadlineSeconds: 2);

        var expired = await front.EndedAsync(Session, "t2");

        Assert.Equal((TurnStatus.Expired, ProblemCodes.TurnExpired), (expired.Status, expired.Problem?.Code));
        Assert.Empty(expired.Attempts);

        // The queues under the durable engine count whole seconds: a signal may come up to one early.
        Assert.True(expired.Timings.FinishedAt >= expired.Timings.CreatedAt.AddSeconds(1));
        await front.Host().CompleteAsync("t1", "one");
        Assert.Equal("one", (await front.EndedAsync(Session, "t1")).Reply?.Text);
    }

    [Fact(Timeout = Patience)]
    public async Task Deadline_PassesWhileTheTurnRuns_ItIsStoppedAndExpires()
    {
        await using var front = await StartAsync();
        var turn = await RunUnderDeadlineAsync(front);
        await front.AcceptAsync(Session, "t2", "say two");

        var expired = await front.EndedAsync(Session, turn);

        Assert.Equal((TurnStatus.Expired, ProblemCodes.TurnExpired), (expired.Status, expired.Problem?.Code));
        Assert.Single(expired.Attempts);
        Assert.Equal([turn], front.Host().Cancelled);
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
        await front.AcceptAsync(Session, "t1", "say one", deadlineSeconds: 600);

        Assert.Equal(TurnStatus.Completed, (await front.EndedAsync(Session, "t1")).Status);
    }

    /// <summary>Submits a turn whose deadline is short, and again with a longer one where a busy machine had it pass before the turn ran.</summary>
    /// <returns>The turn that runs.</returns>
    private async Task<string> RunUnderDeadlineAsync(RunningFront front)
    {
        for (var seconds = 2; ; seconds *= 4)
        {
            var turn = $"deadline-{seconds}";
            await front.AcceptAsync(Session, turn, "hold", deadlineSeconds: seconds);
            await Eventually.BecomesTrueAsync(
                async () => front.Host().Received.Any(taken => taken.Request.TurnId == turn) || (await front.GetAsync(Session, turn)).Status.IsTerminal(),
                Cancellation);
            if (front.Host().Received.Any(taken => taken.Request.TurnId == turn))
            {
                return turn;
            }
        }
    }
}
