using FunctionsBroker.SessionHost.Pool;
using FunctionsBroker.SessionHost.Tests.Running;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.SessionHost.Tests.Pool;

public sealed class ReadyProcessesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Turn_FirstOfANewSession_RunsInAProcessThatWasThereAndIsReplaced()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1", "Profiles:default:Prewarmed=1");
        await AreReadyAsync(host, 1);
        var before = TimeProvider.System.GetUtcNow();

        var first = await cluster.RunAsync(host, "room:1", "t1", "say a");
        await AreReadyAsync(host, 1);
        var second = await cluster.RunAsync(host, "room:2", "u1", "say b");

        Assert.True(first.Attempts[0].Process!.StartedAt < before);
        Assert.NotEqual(first.Attempts[0].Process!.Pid, second.Attempts[0].Process!.Pid);
        Assert.Equal("c", (await cluster.RunAsync(host, "room:1", "t2", "say c")).Reply!.Text);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Room_WhenItIsNeeded_IsMadeByReadyProcessesFirst()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1", "Profiles:other:Prewarmed=1", "MaxSessions=2");
        await AreReadyAsync(host, 1);
        await cluster.RunAsync(host, "room:1", "t1", "say a");
        var kept = await cluster.ReadProcessAsync("room:1");

        await cluster.RunAsync(host, "room:2", "u1", "say b");

        Assert.True(kept.IsAlive());
        Assert.Equal(2, host.Get<SessionPool>().LiveProcesses);
        await AreReadyAsync(host, 0);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Stop_OfTheHost_LeavesNeitherProcessesNorFolders()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1", "Profiles:default:Prewarmed=3");
        await AreReadyAsync(host, 3);
        Assert.Equal(3, Directory.GetDirectories(cluster.SessionsPathOf(host)).Length);

        await host.StopAsync();

        Assert.Equal(0, host.Get<ReadyProcesses>().Count);
        Assert.Empty(Directory.GetDirectories(cluster.SessionsPathOf(host)));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    [Trait("Category", "EndToEnd")]
    public async Task A_session_that_began_in_a_ready_process_is_resumed_like_any_other()
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync("host-1", "Profiles:default:Prewarmed=1");
        await AreReadyAsync(host, 1);
        await cluster.RunAsync(host, "room:1", "t1", "remember colour=teal");
        var process = await cluster.ReadProcessAsync("room:1");
        host.Get<SessionPool>().CloseIdle(TimeSpan.Zero);
        await Eventually.BecomesTrueAsync(() => !process.IsAlive(), Cancellation);

        var second = await cluster.RunAsync(host, "room:1", "t2", "recall colour");

        Assert.Equal("[2] teal", second.Reply!.Text);
        Assert.True(second.Attempts[0].Process!.Resumed);
    }

    private static Task AreReadyAsync(RunningHost host, int count) =>
        Eventually.BecomesTrueAsync(() => host.Get<ReadyProcesses>().Count == count, Cancellation);
}
