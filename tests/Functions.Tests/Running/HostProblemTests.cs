using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Functions.Tests.Running;

/// <summary>How a turn ends for which there is no host, or none that answers.</summary>
public sealed class HostProblemTests(ImpatientFront running) : RunningFrontTest(running), IClassFixture<ImpatientFront>
{
    [Fact(Timeout = Patience)]
    public async Task Turn_NoHostIsUp_EndsWithThatProblem()
    {
        await using var front = await StartAsync(hosts: 0);

        await front.AcceptAsync(Session, "t", "say hello");

        Assert.Equal(ProblemCodes.NoHostAvailable, (await front.EndedAsync(Session, "t")).Problem?.Code);
    }

    [Fact(Timeout = Patience)]
    public async Task Turn_HostDoesNotAnswer_EndsWithThatProblem()
    {
        await using var front = await StartAsync(hosts: 0);
        var now = TimeProvider.System.GetUtcNow();
        await front.Get<IHostStore>().SaveAsync(
            new HostRecord
            {
                HostId = front.HostId("silent"),

                // Nothing listens there.
                Url = new Uri("http://127.0.0.1:1/"),
                StartedAt = now,
                HeartbeatAt = now,
                HeartbeatInterval = TimeSpan.FromMinutes(1),
                MaxSessions = 20,
                Profiles = ["default"],
            },
            Cancellation);

        await front.AcceptAsync(Session, "t", "say hello");

        Assert.Equal(ProblemCodes.HostUnreachable, (await front.EndedAsync(Session, "t")).Problem?.Code);
    }

    [Fact(Timeout = Patience)]
    public async Task Turn_RateLimitThatNeverEnds_EndsAsThatWithItsTime()
    {
        await using var front = await StartAsync();
        await front.AcceptAsync(Session, "t", "hold");

        var failed = 0;
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                if (front.Host().Received.Count > failed)
                {
                    failed++;
                    await front.Host().FailAsync("t", ProblemCatalogue.ModelRateLimited("Too many requests.", 3));
                }

                return (await front.GetAsync(Session, "t")).Status.IsTerminal();
            },
            Cancellation);

        var ended = await front.GetAsync(Session, "t");
        Assert.Equal((ProblemCodes.ModelRateLimited, 429, 3), (ended.Problem?.Code, ended.Problem?.Status, ended.Problem?.RetryAfterSeconds));
        Assert.True(ended.Attempts.Count > 1);
    }
}
