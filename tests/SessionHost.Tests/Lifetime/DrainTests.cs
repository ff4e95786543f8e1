using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.SessionHost.Tests.Running;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.SessionHost.Tests.Lifetime;

public sealed class DrainTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Heartbeat_RunningHost_SaysWhereItIsAndWhatItDoes()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1", "HeartbeatInterval=00:00:02", "MaxSessions=7", "Profiles:other:Model=m");
        await host.AcceptAsync("a", await cluster.PrepareAsync(host, "a", "t1", "print {}"));

        await Eventually.BecomesTrueAsync(() => cluster.Hosts.Hosts is [{ RunningTurns: 1, LiveProcesses: 1 }], Cancellation);

        var row = Assert.Single(cluster.Hosts.Hosts);
        Assert.Equal("host-1", row.HostId);
        Assert.Equal(host.Http.BaseAddress, row.Url);
        Assert.Equal(7, row.MaxSessions);
        Assert.Equal(["coder", "default", "other"], row.Profiles);
        Assert.False(row.Draining);
        Assert.True(row.IsAliveAt(TimeProvider.System.GetUtcNow()));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Drain_Call_RefusesTurnsAndLetsTheRunningOneEnd()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1", "HeartbeatInterval=00:00:02");

        using var response = await host.Http.PostAsync("/drain", null, Cancellation);

        response.EnsureSuccessStatusCode();
        Assert.Equal(ProblemCodes.HostDraining, (await host.RefusedAsync("a", await cluster.PrepareAsync(host, "a", "t1", "say x"))).Code);
        await Eventually.BecomesTrueAsync(() => cluster.Hosts.Hosts is [{ Draining: true }], Cancellation);
        Assert.Equal("ok", await host.Http.GetStringAsync("/healthz", Cancellation));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Stop_TurnThatTakesTooLong_IsHandedBackAndNoProcessIsLeft()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1", "ShutdownTimeout=00:00:00.5");
        await cluster.RunAsync(host, "idle", "t0", "say x");
        await host.AcceptAsync("a", await cluster.PrepareAsync(host, "a", "t1", "print {}"));
        await cluster.HasProcessAsync("a");
        var processes = new[] { await cluster.ReadProcessAsync("a"), await cluster.ReadProcessAsync("idle") };

        await host.StopAsync();

        await cluster.Callbacks.WaitAsync("t1");
        var problem = Assert.Single(cluster.Callbacks.Received, call => call.Finished.TurnId == "t1").Finished.Problem!;
        Assert.Equal(ProblemCodes.HostDraining, problem.Code);
        Assert.True(problem.Retryable);
        Assert.All(processes, process => Assert.False(process.IsAlive()));
        Assert.Empty(cluster.Hosts.Hosts);
    }
}
