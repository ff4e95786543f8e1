using System.Globalization;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.SessionHost.Lifetime;
using FunctionsBroker.SessionHost.Pool;
using FunctionsBroker.SessionHost.Tests.Running;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.SessionHost.Tests.Lifetime;

/// <summary>A host that cannot say that it lives ends what it does: other hosts are about to go on with it.</summary>
public sealed class SelfFenceTests
{
    /// <summary>In the clock's ticks, more than the two and a half beats after which a host may no longer go on.</summary>
    private static readonly long s_gap = TimeProvider.System.TimestampFrequency * 3 * (long)TimeSpan.Parse(RunningHost.HeartbeatInterval, CultureInfo.InvariantCulture).TotalSeconds;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Beats_ThatFail_EndTheTurnsAndTheirProcesses()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1", "HeartbeatInterval=00:00:03");
        await cluster.RunAsync(host, "idle", "t0", "say a");
        var idle = await cluster.ReadProcessAsync("idle");
        await host.AcceptAsync("busy", await cluster.PrepareAsync(host, "busy", "t1", "hang"));
        await cluster.HasProcessAsync("busy");
        var busy = await cluster.ReadProcessAsync("busy");

        cluster.Hosts.OnSave = () => throw new IOException("The tables are away.");

        var cutOff = await cluster.EndAsync("busy", "t1");
        Assert.Equal((ProblemCodes.HostLost, true), (cutOff.Attempts[0].Problem!.Code, cutOff.Attempts[0].Problem!.Retryable));
        await Eventually.BecomesTrueAsync(() => !idle.IsAlive() && !busy.IsAlive(), Cancellation);

        // And goes on when they come back.
        cluster.Hosts.OnSave = () => { };
        Assert.Equal("b", (await cluster.RunAsync(host, "idle", "t2", "say b")).Reply?.Text);
        Assert.Equal(1, host.Get<SessionPool>().LiveProcesses);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Turn_UnderTheRememberedEpoch_IsRefusedAfterAGapInWhichAnotherHostTookTheSession()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var away = await cluster.AddHostAsync("host-1");
        var other = await cluster.AddHostAsync("host-2");
        await cluster.RunAsync(away, "a", "t1", "say a");
        var late = await cluster.PrepareAsync(away, "a", "t2", "say late");
        await cluster.RunAsync(other, "a", "t3", "say b", epoch: 2);

        // As a host finds it that was frozen: its process lives, nothing was fenced yet, and the turn is in its socket.
        away.Get<BeatClock>().Note(TimeProvider.System.GetTimestamp() - s_gap);
        var refused = await away.RefusedAsync("a", late);

        Assert.Equal(ProblemCodes.StaleEpoch, refused.Code);
        Assert.Null(await away.FindAsync("a", "t2"));
        Assert.Equal(("host-2", 2L), ((await cluster.ReadSessionAsync("a")).HostId, (await cluster.ReadSessionAsync("a")).Epoch));
    }

    [Fact(Timeout = 2 * TestTimeouts.DefaultMilliseconds)]
    public async Task Beats_ThatFailOnce_EndNothing()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1", "HeartbeatInterval=00:00:15");
        await cluster.RunAsync(host, "a", "t1", "say a");
        var process = await cluster.ReadProcessAsync("a");
        var failed = new TaskCompletionSource();
        cluster.Hosts.OnSave = () =>
        {
            if (failed.TrySetResult())
            {
                throw new IOException("The tables are away.");
            }
        };

        await failed.Task.WaitAsync(Cancellation);
        var failedAt = TimeProvider.System.GetUtcNow();
        await Eventually.BecomesTrueAsync(() => cluster.Hosts.Hosts[0].HeartbeatAt > failedAt, Cancellation);

        Assert.True(process.IsAlive());
    }
}
