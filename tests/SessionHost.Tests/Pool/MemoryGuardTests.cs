using FunctionsBroker.SessionHost.Pool;
using FunctionsBroker.SessionHost.Tests.Running;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.SessionHost.Tests.Pool;

/// <summary>The guard takes what all hosts of this test process have started for its own host's.</summary>
[Collection(nameof(RunsAlone))]
public sealed class MemoryGuardTests
{
    private const string Often = "MemoryCheckInterval=00:00:00.2";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Process_OverItsCap_IsClosedBetweenTurnsAndTheNextTurnHasAnother()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1", Often, "Profiles:default:MaxProcessMemoryMb=300");
        var small = await cluster.RunAsync(host, "room:2", "u1", "say small");
        var large = await cluster.RunAsync(host, "room:1", "t1", "hold 400000000\nsay large");

        await Eventually.BecomesTrueAsync(() => host.Get<SessionPool>().LiveProcesses == 1, Cancellation);
        var next = await cluster.RunAsync(host, "room:1", "t2", "say next");

        Assert.Equal("next", next.Reply!.Text);
        Assert.NotEqual(large.Attempts[0].Process!.Pid, next.Attempts[0].Process!.Pid);
        Assert.Equal(small.Attempts[0].Process!.Pid, (await cluster.RunAsync(host, "room:2", "u2", "say b")).Attempts[0].Process!.Pid);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Process_OverItsCapInATurn_FinishesTheTurnFirst()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1", Often, "Profiles:default:MaxProcessMemoryMb=300", "Profiles:default:Permissions=relay");
        await host.AcceptAsync("room:1", await cluster.PrepareAsync(host, "room:1", "t1", "hold 400000000\nhang"));
        await Eventually.BecomesTrueAsync(() => host.Get<MemoryGuard>().Bytes > 400_000_000, Cancellation);
        await Eventually.BecomesTrueAsync(() => host.Get<MemoryGuard>().Bytes > 400_000_000, Cancellation);

        Assert.Equal(1, host.Get<SessionPool>().RunningTurns);
        Assert.True((await cluster.ReadProcessAsync("room:1")).IsAlive());
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Host_OverItsLimit_ClosesTheLeastRecentlyUsed()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1", "MemoryCheckInterval=00:00:01", "MaxMemoryMb=700");
        await cluster.RunAsync(host, "room:1", "t1", "hold 100000000\nsay a");
        var first = await cluster.ReadProcessAsync("room:1");
        await cluster.RunAsync(host, "room:2", "u1", "hold 700000000\nsay b");

        await Eventually.BecomesTrueAsync(() => !first.IsAlive(), Cancellation);
        await Eventually.BecomesTrueAsync(() => host.Get<MemoryGuard>().Bytes < 700L * 1024 * 1024, Cancellation);
    }
}
