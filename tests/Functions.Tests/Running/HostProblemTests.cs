using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Functions.Tests.Running;

/// <summary>How a turn ends for which there is no host, or none that answers.</summary>
public sealed class HostProblemTests : RunningFrontTest
{
    private static readonly (string Key, string Value)[] s_impatient = [("MaxAttempts", "1"), ("TurnLimit", "00:00:10")];

    [Fact(Timeout = Patience)]
    public async Task Turn_NoHostIsUp_EndsWithThatProblem()
    {
        await using var front = await RunningFront.StartAsync(hosts: 0, s_impatient);

        await front.AcceptAsync("s", "t", "say hello");

        Assert.Equal(ProblemCodes.NoHostAvailable, (await front.EndedAsync("s", "t")).Problem?.Code);
    }

    [Fact(Timeout = Patience)]
    public async Task Turn_HostDoesNotAnswer_EndsWithThatProblem()
    {
        await using var front = await RunningFront.StartAsync(hosts: 0, s_impatient);
        var now = TimeProvider.System.GetUtcNow();
        await front.Get<IHostStore>().SaveAsync(
            new HostRecord
            {
                HostId = "silent",

                // Nothing listens there.
                Url = new Uri("http://127.0.0.1:1/"),
                StartedAt = now,
                HeartbeatAt = now,
                HeartbeatInterval = TimeSpan.FromMinutes(1),
                MaxSessions = 20,
                Profiles = ["default"],
            },
            Cancellation);

        await front.AcceptAsync("s", "t", "say hello");

        Assert.Equal(ProblemCodes.HostUnreachable, (await front.EndedAsync("s", "t")).Problem?.Code);
    }
}
