using System.Text;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.SessionHost.Pool;
using FunctionsBroker.SessionHost.Tests.Running;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.SessionHost.Tests.Actors;

[Trait("Category", "EndToEnd")]
public sealed class RealConversationTests
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

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_process_killed_in_the_middle_of_a_turn_is_replaced_and_the_turn_answered()
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync("host-1");
        var first = await cluster.RunAsync(host, "room:1", "t1", "remember colour=teal");
        var request = await cluster.PrepareAsync(host, "room:1", "t2", "recall colour {{model: delay=60s times=1}}");
        await host.AcceptAsync("room:1", request);
        await cluster.Model.WaitForRequestAsync(asked => asked.Turns == 2, TestContext.Current.CancellationToken);

        (await cluster.ReadProcessAsync("room:1")).Kill();
        var second = await cluster.EndAsync("room:1", "t2");

        Assert.EndsWith("teal", second.Reply!.Text, StringComparison.Ordinal);
        var process = Assert.Single(second.Attempts).Process!;
        Assert.True(process.Resumed);
        Assert.NotEqual(first.Attempts[0].Process!.Pid, process.Pid);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_process_killed_in_the_first_turn_of_a_session_is_replaced_and_the_turn_answered()
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync("host-1");
        await host.AcceptAsync("room:1", await cluster.PrepareAsync(host, "room:1", "t1", "hello"));
        await cluster.HasProcessAsync("room:1");

        (await cluster.ReadProcessAsync("room:1")).Kill();

        Assert.EndsWith("hello", (await cluster.EndAsync("room:1", "t1")).Reply!.Text, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_session_that_moves_to_another_host_is_resumed_there_and_lost_here()
    {
        await using var cluster = await HostCluster.StartAsync();
        var first = await cluster.AddHostAsync("host-1");
        var second = await cluster.AddHostAsync("host-2");
        await cluster.RunAsync(first, "room:1", "t1", "remember colour=teal", epoch: 1);
        await cluster.SavedAsync("room:1", "t1");
        var moved = await cluster.RunAsync(second, "room:1", "t2", "recall colour", epoch: 2);

        Assert.Equal("[2] teal", moved.Reply!.Text);
        Assert.True(moved.Attempts[0].Process!.Resumed);
        Assert.Empty(moved.Reply.Notices);
        first.Get<SessionPool>().CloseIdle(TimeSpan.Zero);
        await Eventually.BecomesTrueAsync(() => first.Get<SessionPool>().LiveProcesses == 0, TestContext.Current.CancellationToken);
        var stale = await first.RefusedAsync("room:1", await cluster.PrepareAsync(first, "room:1", "t3", "hello", epoch: 1));
        Assert.Equal(ProblemCodes.StaleEpoch, stale.Code);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task The_sessions_row_has_what_another_host_needs()
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync("host-1");
        await cluster.RunAsync(host, "room:1", "t1", "hello");
        await cluster.SavedAsync("room:1", "t1");

        var session = await cluster.ReadSessionAsync("room:1");

        using var transcript = new MemoryStream();
        Assert.True(await cluster.Transcripts.CopyAsync(session.TranscriptBlob!, session.TranscriptOffset, transcript, TestContext.Current.CancellationToken));
        Assert.Contains("hello", Encoding.UTF8.GetString(transcript.ToArray()), StringComparison.Ordinal);
        Assert.Equal("t1", session.TranscriptTurnId?.Value);
        Assert.Equal(1, session.Totals.Turns);
        Assert.True(session.Totals.CostUsd > 0);
    }
}
