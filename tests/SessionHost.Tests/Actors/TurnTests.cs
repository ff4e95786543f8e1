using FunctionsBroker.Contracts.Events;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.SessionHost.Options;
using FunctionsBroker.SessionHost.Tests.Running;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.SessionHost.Tests.Actors;

/// <summary>What a host does with turns that come twice, at the wrong time, or under another epoch.</summary>
public sealed class TurnTests
{
    private const string Unending = "print {}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Submit_SameTurnManyTimesAtOnce_RunsOnce()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");
        var request = await cluster.PrepareAsync(host, "a", "t1", "say hello");

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => host.AcceptAsync("a", request)));
        var turn = await cluster.EndAsync("a", "t1");
        var late = await host.AcceptAsync("a", request);

        Assert.All(answers, answer => Assert.Equal("t1", answer.TurnId));
        Assert.Equal("hello", turn.Reply!.Text);
        Assert.Equal(1, Assert.Single(turn.Attempts).Process!.Turn);
        Assert.Equal(HostTurnState.Finished, late.State);
        Assert.Equal(AttemptOutcome.Completed, late.Finished!.Outcome);
        Assert.Single(cluster.Callbacks.Received);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Submit_WithATrace_CallsBackInItTurnByTurn()
    {
        string[] traces = ["4bf92f3577b34da6a3ce929d0e0e4736", "0af7651916cd43dd8448eb211c80319c"];
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");
        foreach (var trace in traces)
        {
            var request = await cluster.PrepareAsync(host, "a", trace, "say hello") with { TraceParent = $"00-{trace}-00f067aa0ba902b7-01" };
            await host.AcceptAsync("a", request);
            await cluster.Callbacks.WaitAsync(trace);
        }

        Assert.Equal(traces, cluster.Callbacks.TraceParents.Select(parent => parent.Split('-')[1]));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Submit_WhileAnotherTurnRuns_IsBusy()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");
        await host.AcceptAsync("a", await cluster.PrepareAsync(host, "a", "t1", Unending));

        var problem = await host.RefusedAsync("a", await cluster.PrepareAsync(host, "a", "t2", "say hello"));

        Assert.Equal(ProblemCodes.SessionBusy, problem.Code);
        Assert.Equal(HostTurnState.Running, (await host.FindAsync("a", "t1"))!.State);
        Assert.Null(await host.FindAsync("a", "t2"));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Submit_LowerEpochThanKnown_IsStale()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");
        var other = await cluster.AddHostAsync("host-2");
        await cluster.RunAsync(host, "a", "t1", "say hello", epoch: 5);

        Assert.Equal(ProblemCodes.StaleEpoch, (await host.RefusedAsync("a", await cluster.PrepareAsync(host, "a", "t2", "say x", epoch: 4))).Code);
        Assert.Equal(ProblemCodes.StaleEpoch, (await other.RefusedAsync("a", await cluster.PrepareAsync(other, "a", "t3", "say x", epoch: 5))).Code);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Submit_RunningTurnUnderAHigherEpoch_IsTakenOver()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");
        await host.AcceptAsync("a", await cluster.PrepareAsync(host, "a", "t1", Unending, epoch: 1));

        await host.AcceptAsync("a", await cluster.PrepareAsync(host, "a", "t1", Unending, epoch: 2));
        await CancelAsync(host, "a", "t1");
        var finished = await cluster.Callbacks.WaitAsync("t1");

        Assert.Equal(2, finished.Epoch);
        Assert.Equal(ProblemCodes.TurnCancelled, finished.Problem!.Code);
        Assert.Equal(2, (await cluster.ReadSessionAsync("a")).Epoch);
        var attempts = (await cluster.ReadAsync("a", "t1")).Attempts;
        Assert.Equal([AttemptOutcome.Lost, AttemptOutcome.Cancelled], attempts.Select(attempt => attempt.Outcome));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task End_TurnThatHasMovedOn_IsDroppedAndItsAnswerServesTheNewEpoch()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");
        var first = await cluster.PrepareAsync(host, "a", "t1", "say hello", epoch: 1);
        var second = await cluster.PrepareAsync(host, "a", "t1", "say hello", epoch: 2);
        await host.AcceptAsync("a", first);
        await Eventually.BecomesTrueAsync(
            async () => (await host.FindAsync("a", "t1"))!.State == HostTurnState.Finished,
            Cancellation);
        Assert.Equal(TurnStatus.Running, (await cluster.ReadAsync("a", "t1")).Status);
        Assert.Empty(cluster.Callbacks.Received);

        await host.AcceptAsync("a", second);
        var turn = await cluster.EndAsync("a", "t1");

        Assert.Equal("hello", turn.Reply!.Text);
        Assert.Equal(2, turn.Attempts[1].Epoch);
        Assert.Equal(1, turn.Attempts[1].Process!.Turn);
        Assert.Equal(2, Assert.Single(cluster.Callbacks.Received).Finished.Epoch);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Submit_NextAttemptAfterOneWithoutAnAnswer_RunsAgain()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        cluster.InterruptGrace = new InterruptGrace(TestTimeouts.Default);
        var host = await cluster.AddHostAsync("host-1");
        await host.AcceptAsync("a", await cluster.PrepareAsync(host, "a", "t1", Unending));
        await cluster.HasProcessAsync("a");
        await CancelAsync(host, "a", "t1");
        await cluster.Callbacks.WaitAsync("t1");

        await host.AcceptAsync("a", await cluster.PrepareAsync(host, "a", "t1", "say better"));
        await Eventually.BecomesTrueAsync(() => cluster.Callbacks.Received.Count == 2, Cancellation);
        var turn = await cluster.ReadAsync("a", "t1");

        Assert.Equal(TurnStatus.Completed, turn.Status);
        Assert.Equal([AttemptOutcome.Cancelled, AttemptOutcome.Completed], turn.Attempts.Select(attempt => attempt.Outcome));
        Assert.Equal(turn.Attempts[0].Process!.Pid, turn.Attempts[1].Process!.Pid);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Run_ProcessThatAlwaysCrashes_FailsTheAttemptAndLeavesTheTurnToTheFront()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");

        var turn = await cluster.RunAsync(host, "a", "t1", "exit 3");

        Assert.Equal(TurnStatus.Running, turn.Status);
        Assert.Null(turn.Reply);
        var attempt = Assert.Single(turn.Attempts);
        Assert.Equal(AttemptOutcome.Failed, attempt.Outcome);
        Assert.Equal(ProblemCodes.ProcessCrashed, attempt.Problem!.Code);
        Assert.Equal(ProblemCodes.ProcessCrashed, Assert.Single(cluster.Callbacks.Received).Finished.Problem!.Code);
        Assert.Equal("back", (await cluster.RunAsync(host, "a", "t2", "say back")).Reply!.Text);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Run_ProcessThatDoesNotStart_FailsTheAttempt()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1", "ClaudeBinary=no-such-claude");

        var turn = await cluster.RunAsync(host, "a", "t1", "say x");

        Assert.Equal(ProblemCodes.ProcessStartFailed, Assert.Single(turn.Attempts).Problem!.Code);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Run_TurnWithoutOutput_IsStoppedAtTheIdleLimit()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1", "TurnIdle=00:00:10");

        var turn = await cluster.RunAsync(host, "a", "t1", Unending);

        Assert.Equal(ProblemCodes.TurnTimedOut, Assert.Single(turn.Attempts).Problem!.Code);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Run_WarmTurns_ClaimNothingAndSaveOnce()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");
        await cluster.RunAsync(host, "a", "t1", "say one");
        await cluster.SavedAsync("a", "t1");
        var before = cluster.Sessions.Writes;

        await cluster.RunAsync(host, "a", "t2", "say two");
        await cluster.SavedAsync("a", "t2");

        Assert.Equal(before + 1, cluster.Sessions.Writes);
        var session = await cluster.ReadSessionAsync("a");
        Assert.Equal(2, session.Totals.Turns);
        Assert.Equal(6, session.Totals.InputTokens);
        Assert.Equal(session.LastUsedAt + TimeSpan.FromHours(24), session.ExpiresAt);
    }

    // A client of storage tells of its own timeout as of a cancellation.
    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task End_StorageThatIsAway_IsWaitedFor(bool timesOut)
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");
        var failures = 3;
        var request = await cluster.PrepareAsync(host, "a", "t1", "say hello");
        cluster.Turns.OnUpdate = _ =>
        {
            if (--failures >= 0)
            {
                throw timesOut ? new TaskCanceledException("The storage does not answer.") : new HttpRequestException("The storage is away.");
            }
        };

        await host.AcceptAsync("a", request);

        Assert.Equal("hello", (await cluster.EndAsync("a", "t1")).Reply!.Text);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task End_AFrontComesForTheCallbackWhileItIsWrittenDown_IsToldAsItIs()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");
        using var folder = new TempDirectory();
        var go = folder.Combine("go");
        var request = await cluster.PrepareAsync(host, "a", "t1", $"wait-for {go}\nsay hello") with { CallbackUnlessHeard = true };
        using ManualResetEventSlim writing = new(), written = new();
        cluster.Turns.OnUpdate = _ =>
        {
            writing.Set();
            written.Wait(Cancellation);
        };
        await host.AcceptAsync("a", request);
        await using var listener = await EventListener.OpenAsync(host, "a", "t1");

        await File.WriteAllTextAsync(go, string.Empty, Cancellation);
        await Eventually.BecomesTrueAsync(() => writing.IsSet, Cancellation);
        await host.AcceptAsync("a", request with { CallbackUnlessHeard = false });
        written.Set();

        while (await listener.NextAsync() is not null)
        {
        }

        Assert.Equal("hello", Assert.IsType<TurnEvent.Completed>(listener.Events[^1]).Reply.Text);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Profile_OfATurn_ChangesTheSessionsAndRestartsItsProcess()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1", "Profiles:other:Model=m");
        var first = await cluster.RunAsync(host, "a", "t1", "say one");

        await host.AcceptAsync("a", await cluster.PrepareAsync(host, "a", "t2", "say two", profile: "other"));
        var second = await cluster.EndAsync("a", "t2");
        var third = await cluster.RunAsync(host, "a", "t3", "say three");

        Assert.Equal("other", (await cluster.ReadSessionAsync("a")).Profile);
        Assert.NotEqual(first.Attempts[0].Process!.Pid, second.Attempts[0].Process!.Pid);
        Assert.Equal(second.Attempts[0].Process!.Pid, third.Attempts[0].Process!.Pid);
    }

    private static async Task CancelAsync(RunningHost host, string session, string turnId)
    {
        using var response = await host.Http.PostAsync($"/sessions/{session}/turns/{turnId}/cancel", null, Cancellation);
        response.EnsureSuccessStatusCode();
    }
}
