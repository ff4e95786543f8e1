using System.Net;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.SessionHost.Pool;
using FunctionsBroker.SessionHost.Tests.Running;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.SessionHost.Tests.Pool;

public sealed class SessionPoolTests
{
    private const string Unending = "print {}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Submit_EveryProcessBusy_IsRefusedWithATimeToComeBack()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1", "MaxSessions=1");
        await host.AcceptAsync("a", await cluster.PrepareAsync(host, "a", "t1", Unending));
        foreach (var number in Enumerable.Range(0, 10))
        {
            await host.AcceptAsync($"b{number}", await cluster.PrepareAsync(host, $"b{number}", "t1", "say x"));
        }

        using var response = await host.PostAsync("c", await cluster.PrepareAsync(host, "c", "t1", "say x"));

        Assert.Equal(ProblemCodes.HostAtCapacity, (await RunningHost.ProblemAsync(response)).Code);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Equal((1, 10, 11), (host.Get<SessionPool>().LiveProcesses, host.Get<SessionPool>().WaitingTurns, host.Get<SessionPool>().RunningTurns));
        using var released = await host.Http.PostAsync("/sessions/a/turns/t1/cancel", null, Cancellation);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Submit_EveryProcessBusy_WaitsInLineAndRunsInItsOrder()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1", "MaxSessions=1");
        await host.AcceptAsync("a", await cluster.PrepareAsync(host, "a", "a1", Unending));
        string[] waiting = ["b", "c", "d"];
        foreach (var session in waiting)
        {
            await host.AcceptAsync(session, await cluster.PrepareAsync(host, session, $"{session}1", $"say {session}"));
        }

        using var cancelled = await host.Http.PostAsync("/sessions/c/turns/c1/cancel", null, Cancellation);
        Assert.Equal(ProblemCodes.TurnCancelled, (await cluster.Callbacks.WaitAsync("c1")).Problem?.Code);
        using var released = await host.Http.PostAsync("/sessions/a/turns/a1/cancel", null, Cancellation);

        var (b, d) = (await cluster.EndAsync("b", "b1"), await cluster.EndAsync("d", "d1"));
        Assert.Equal(("b", "d"), (b.Reply?.Text, d.Reply?.Text));
        Assert.True(b.Timings.FinishedAt <= d.Timings.FinishedAt);
        Assert.Equal(0, host.Get<SessionPool>().WaitingTurns);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Submit_EveryProcessBusyAndAnotherHostIdle_IsLeftToThat()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1", "MaxSessions=1");
        await host.AcceptAsync("a", await cluster.PrepareAsync(host, "a", "a1", Unending));
        await host.AcceptAsync("b", await cluster.PrepareAsync(host, "b", "b1", "say b"));

        var other = await cluster.AddHostAsync("host-2", "MaxSessions=1");

        // Who waits is handed back when the other one is seen, who comes then is not taken in.
        var left = await cluster.EndAsync("b", "b1");
        Assert.Equal((TurnStatus.Running, AttemptOutcome.Failed, ProblemCodes.HostAtCapacity), (left.Status, left.Attempts[^1].Outcome, left.Attempts[^1].Problem?.Code));
        Assert.Equal("x", (await cluster.RunAsync(other, "c", "c1", "say x")).Reply?.Text);
        using var released = await host.Http.PostAsync("/sessions/a/turns/a1/cancel", null, Cancellation);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Drain_TurnThatWaits_IsHandedBackAtOnce()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1", "MaxSessions=1");
        await host.AcceptAsync("a", await cluster.PrepareAsync(host, "a", "a1", Unending));
        await host.AcceptAsync("b", await cluster.PrepareAsync(host, "b", "b1", "say b"));

        var draining = host.Get<SessionPool>().DrainAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(ProblemCodes.HostDraining, (await cluster.Callbacks.WaitAsync("b1")).Problem?.Code);
        using var released = await host.Http.PostAsync("/sessions/a/turns/a1/cancel", null, Cancellation);
        await draining;
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Submit_AtTheLimit_ClosesTheProcessThatWasIdleLongest()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1", "MaxSessions=2");
        await cluster.RunAsync(host, "a", "a1", "say a");
        await cluster.RunAsync(host, "b", "b1", "say b");
        await cluster.RunAsync(host, "a", "a2", "say a");
        var (a, b) = (await cluster.ReadProcessAsync("a"), await cluster.ReadProcessAsync("b"));

        await cluster.RunAsync(host, "c", "c1", "say c");

        Assert.True(a.IsAlive());
        Assert.False(b.IsAlive());
        Assert.Equal(2, host.Get<SessionPool>().LiveProcesses);
        Assert.Equal("b", (await cluster.RunAsync(host, "b", "b2", "say b")).Reply!.Text);
    }

    [Fact(Timeout = 2 * TestTimeouts.DefaultMilliseconds)]
    public async Task Submit_ManySessionsThroughFewProcesses_AreAllAnsweredAndNeverTooManyLive()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1", "MaxSessions=2");

        await Task.WhenAll(Enumerable.Range(0, 5).Select(async session =>
        {
            for (var turn = 0; turn < 3; turn++)
            {
                var id = $"s{session}-t{turn}";
                var request = await cluster.PrepareAsync(host, $"s{session}", id, $"say {id}");
                await Eventually.BecomesTrueAsync(
                    async () =>
                    {
                        using var response = await host.PostAsync($"s{session}", request);
                        Assert.True(response.StatusCode is HttpStatusCode.Accepted or HttpStatusCode.TooManyRequests);
                        return response.StatusCode == HttpStatusCode.Accepted;
                    },
                    Cancellation);
                Assert.Equal(id, (await cluster.EndAsync($"s{session}", id)).Reply!.Text);
                Assert.InRange(host.Get<SessionPool>().LiveProcesses, 0, 2);
            }
        }));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Idle_ProcessOverTheLimit_IsClosedAndTheSessionKept()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1", "ProcessIdle=00:00:08");
        await cluster.RunAsync(host, "a", "t1", "say one");
        var process = await cluster.ReadProcessAsync("a");
        var named = await cluster.ProcessFileAsync("a");

        await Eventually.BecomesTrueAsync(() => host.Get<SessionPool>().LiveProcesses == 0, Cancellation);

        await Eventually.BecomesTrueAsync(() => !File.Exists(named), Cancellation);
        Assert.False(process.IsAlive());
        var again = await cluster.RunAsync(host, "a", "t2", "say two");
        Assert.Equal(1, again.Attempts[0].Process!.Turn);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Idle_ProcessThatEndsByItself_IsReplacedByTheNextTurn()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");
        await cluster.RunAsync(host, "a", "t1", "say one");

        (await cluster.ReadProcessAsync("a")).Kill();
        await Eventually.BecomesTrueAsync(() => host.Get<SessionPool>().LiveProcesses == 0, Cancellation);

        Assert.Equal("two", (await cluster.RunAsync(host, "a", "t2", "say two")).Reply!.Text);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Delete_Session_TakesItsProcessFilesAndRow()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");
        await cluster.RunAsync(host, "a", "t1", "say one");
        var process = await cluster.ReadProcessAsync("a");
        var folder = (await cluster.FoldersOfAsync("a")).Root;

        using var response = await host.Http.DeleteAsync("/sessions/a", Cancellation);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.False(process.IsAlive());
        Assert.False(Directory.Exists(folder));
        Assert.Null(await cluster.Sessions.FindAsync(SessionId.Parse("a"), Cancellation));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Delete_SessionWhoseLastTurnIsStillBeingKept_LeavesNothingOfIt()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");
        await cluster.RunAsync(host, "a", "t1", "say one");
        await cluster.SavedAsync("a", "t1");
        var folders = await cluster.FoldersOfAsync("a");
        var kept = new TaskCompletionSource();
        var isKept = false;
        cluster.Transcripts.Appending = kept.Task;
        cluster.Transcripts.OnCall = _ => isKept = true;
        await cluster.RunAsync(host, "a", "t2", "say two");
        await Eventually.BecomesTrueAsync(() => Volatile.Read(ref isKept), Cancellation);

        var deleting = host.Http.DeleteAsync("/sessions/a", Cancellation);

        // So long, one that does not wait has time to be faster than what it would have to wait for.
        await Task.WhenAny(deleting, Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, Cancellation));
        kept.SetResult();
        using var response = await deleting;
        await host.StopAsync();

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Empty(cluster.Transcripts.Names);
        Assert.False(Directory.Exists(folders.Root));
        Assert.Null(await cluster.Sessions.FindAsync(SessionId.Parse("a"), Cancellation));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Delete_SessionThatIsBusyOrElsewhere_IsRefused()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");
        var other = await cluster.AddHostAsync("host-2");
        await host.AcceptAsync("a", await cluster.PrepareAsync(host, "a", "t1", Unending));

        using var busy = await host.Http.DeleteAsync("/sessions/a", Cancellation);
        using var elsewhere = await other.Http.DeleteAsync("/sessions/a", Cancellation);

        Assert.Equal(ProblemCodes.SessionBusy, (await RunningHost.ProblemAsync(busy)).Code);
        Assert.Equal(ProblemCodes.StaleEpoch, (await RunningHost.ProblemAsync(elsewhere)).Code);
    }
}
