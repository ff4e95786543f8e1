using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.SessionHost.Tests.Running;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.SessionHost.Tests;

[Trait("Category", "EndToEnd")]
public sealed class ConversationTests
{
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Turns_of_a_session_run_in_one_process_and_the_front_is_told_of_each()
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync("host-1");

        var first = await cluster.RunAsync(host, "room:1", "t1", "remember colour=teal");
        var second = await cluster.RunAsync(host, "room:1", "t2", "recall colour");

        Assert.Equal(TurnStatus.Completed, second.Status);
        Assert.Equal("[2] teal", second.Reply!.Text);
        Assert.Equal("stream-json", second.Reply.Transport);
        Assert.Empty(second.Reply.Notices);
        Assert.True(second.Reply.CostUsd > 0);
        var attempt = Assert.Single(second.Attempts);
        Assert.Equal(AttemptOutcome.Completed, attempt.Outcome);
        Assert.Equal(first.Attempts[0].Process!.Pid, attempt.Process!.Pid);
        Assert.Equal(2, attempt.Process.Turn);
        Assert.NotNull(second.Timings.ModelMs);
        Assert.True(second.Timings.ProcessMs >= second.Timings.ModelMs);
        Assert.All(cluster.Callbacks.Received, call => Assert.Equal(RunningHost.CallbackKey, call.Key));
        Assert.All(cluster.Callbacks.Received, call => Assert.Equal(AttemptOutcome.Completed, call.Finished.Outcome));
        Assert.Equal(HostTurnState.Finished, (await host.FindAsync("room:1", "t2"))!.State);
    }
}
