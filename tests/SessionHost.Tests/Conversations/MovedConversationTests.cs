using FunctionsBroker.ClaudeCode.Exchanges;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.SessionHost.Conversations;
using FunctionsBroker.SessionHost.Lifetime;
using FunctionsBroker.SessionHost.Pool;
using FunctionsBroker.SessionHost.Tests.Running;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.SessionHost.Tests.Conversations;

/// <summary>Conversations of the real CLI that move between hosts, each with a disk of its own: whatever fails on the way, nothing that was answered is missing.</summary>
[Trait("Category", "EndToEnd")]
public sealed class MovedConversationTests
{
    private const string Session = "room:1";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task There_and_back_while_the_first_process_still_lives_nothing_is_missing()
    {
        await using var cluster = await HostCluster.StartAsync();
        var (first, second) = (await cluster.AddHostAsync("host-1"), await cluster.AddHostAsync("host-2"));
        await RunAsync(cluster, first, 1, "remember colour=teal", epoch: 1);
        var left = await cluster.ReadProcessAsync(Session);
        await RunAsync(cluster, second, 2, "remember colour=pink", epoch: 2);
        await RunAsync(cluster, second, 3, "remember size=huge", epoch: 2);
        Assert.True(left.IsAlive());

        var back = await RunAsync(cluster, first, 4, "recall colour", epoch: 3);
        var last = await RunAsync(cluster, first, 5, "what did I say 2 turns ago?", epoch: 3);

        Assert.Equal(("[4] pink", "[5] remember size=huge"), (back.Text, last.Text));
        Assert.Empty(back.Notices);
        Assert.False(left.IsAlive());
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Same_host_and_a_higher_epoch_keep_the_process()
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync("host-1");
        await RunAsync(cluster, host, 1, "remember colour=teal", epoch: 1);
        var process = await cluster.ReadProcessAsync(Session);

        var second = await RunAsync(cluster, host, 2, "recall colour", epoch: 2);

        Assert.Equal("[2] teal", second.Text);
        Assert.Equal(process, await cluster.ReadProcessAsync(Session));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_host_that_was_away_and_answers_all_the_same_leaves_no_trace_in_the_conversation()
    {
        await using var cluster = await HostCluster.StartAsync();
        var (away, other) = (await cluster.AddHostAsync("host-1"), await cluster.AddHostAsync("host-2"));
        await RunAsync(cluster, away, 1, "remember colour=teal", epoch: 1);

        // Both run the turn, and the one that has lost it answers last.
        await away.AcceptAsync(Session, await cluster.PrepareAsync(away, Session, "t2", "remember colour=pink {{model: delay=4s times=1}}", epoch: 1));
        await cluster.Model.WaitForRequestAsync(request => request.Turns == 2, Cancellation);
        var again = await RetryAsync(cluster, other, "t2", "remember colour=pink {{model: delay=4s times=1}}", epoch: 2);
        await Eventually.BecomesTrueAsync(() => away.Get<SessionPool>().RunningTurns == 0, Cancellation);
        var third = await RunAsync(cluster, other, 3, "what did I say 1 turns ago?", epoch: 2);
        var back = await RunAsync(cluster, away, 4, "what did I say 1 turns ago?", epoch: 3);

        Assert.StartsWith("[2] remembered colour", again.Text, StringComparison.Ordinal);
        Assert.StartsWith("[3] remember colour=pink", third.Text, StringComparison.Ordinal);
        Assert.Equal("[4] what did I say 1 turns ago?", back.Text);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Turns_that_did_not_get_into_the_blob_are_told_from_the_table()
    {
        await using var cluster = await HostCluster.StartAsync();
        var (first, second) = (await cluster.AddHostAsync("host-1"), await cluster.AddHostAsync("host-2"));
        await RunAsync(cluster, first, 1, "remember colour=teal", epoch: 1);
        cluster.Transcripts.OnCall = _ => throw new IOException("The blobs are away.");
        await RunAsync(cluster, first, 2, "remember size=huge", epoch: 1);
        await RunAsync(cluster, first, 3, "remember shape=round", epoch: 1);
        cluster.Transcripts.OnCall = _ => { };

        var moved = await RunAsync(cluster, second, 4, "recall size", epoch: 2);
        var next = await RunAsync(cluster, second, 5, "recall colour", epoch: 2);

        Assert.EndsWith("huge", moved.Text, StringComparison.Ordinal);
        Assert.Equal([UntoldExchanges.ToldNotice], moved.Notices);
        Assert.EndsWith("teal", next.Text, StringComparison.Ordinal);
        Assert.Empty(next.Notices);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Blobs_that_are_away_for_a_turn_or_two_are_made_up_for()
    {
        await using var cluster = await HostCluster.StartAsync();
        var (first, second) = (await cluster.AddHostAsync("host-1"), await cluster.AddHostAsync("host-2"));
        cluster.Transcripts.OnCall = _ => throw new IOException("The blobs are away.");
        await RunAsync(cluster, first, 1, "remember colour=teal", epoch: 1);
        cluster.Transcripts.OnCall = _ => { };
        await RunAsync(cluster, first, 2, "remember size=huge", epoch: 1);

        var moved = await RunAsync(cluster, second, 3, "recall colour", epoch: 2);

        Assert.Equal("[3] teal", moved.Text);
        Assert.Empty(moved.Notices);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Blobs_that_are_away_when_a_session_moves_are_waited_for()
    {
        await using var cluster = await HostCluster.StartAsync();
        var (first, second) = (await cluster.AddHostAsync("host-1"), await cluster.AddHostAsync("host-2"));
        await RunAsync(cluster, first, 1, "remember colour=teal", epoch: 1);
        var calls = 0;
        cluster.Transcripts.OnCall = _ =>
        {
            if (Interlocked.Increment(ref calls) <= 2)
            {
                throw new IOException("The blobs are away.");
            }
        };

        var moved = await RunAsync(cluster, second, 2, "recall colour", epoch: 2);

        Assert.Equal("[2] teal", moved.Text);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Blobs_that_stay_away_fail_the_turn_and_lose_nothing()
    {
        await using var cluster = await HostCluster.StartAsync();
        var (first, second) = (await cluster.AddHostAsync("host-1"), await cluster.AddHostAsync("host-2"));
        await RunAsync(cluster, first, 1, "remember colour=teal", epoch: 1);
        cluster.Transcripts.OnCall = _ => throw new IOException("The blobs are away.");

        var failed = await cluster.RunAsync(second, Session, "t2", "recall colour", epoch: 2);
        cluster.Transcripts.OnCall = _ => { };
        var next = await RunAsync(cluster, second, 3, "recall colour", epoch: 2);

        Assert.Equal(ProblemCodes.ConversationUnavailable, failed.Attempts[^1].Problem?.Code);
        Assert.Equal("[2] teal", next.Text);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Transcript_that_is_gone_is_told_of_and_what_is_known_is_told()
    {
        await using var cluster = await HostCluster.StartAsync();
        var (first, second) = (await cluster.AddHostAsync("host-1"), await cluster.AddHostAsync("host-2"));
        await RunAsync(cluster, first, 1, "remember colour=teal", epoch: 1);
        await cluster.Transcripts.DeleteAllAsync((await cluster.ReadSessionAsync(Session)).RouteId, Cancellation);

        var moved = await RunAsync(cluster, second, 2, "recall colour", epoch: 2);

        Assert.EndsWith("teal", moved.Text, StringComparison.Ordinal);
        Assert.Equal([ConversationKeeper.TranscriptLostNotice, UntoldExchanges.ToldNotice], moved.Notices);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Disk_that_has_lost_the_transcript_gets_it_again()
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync("host-1");
        await RunAsync(cluster, host, 1, "remember colour=teal", epoch: 1);
        var process = await cluster.ReadProcessAsync(Session);
        process.Kill();
        await Eventually.BecomesTrueAsync(() => host.Get<SessionPool>().LiveProcesses == 0, Cancellation);
        Directory.Delete((await cluster.FoldersOfAsync(Session)).Config, recursive: true);

        var again = await RunAsync(cluster, host, 2, "recall colour", epoch: 1);

        Assert.Equal("[2] teal", again.Text);
        Assert.Empty(again.Notices);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Conversation_without_the_cli_moves_too()
    {
        await using var cluster = await HostCluster.StartAsync();
        string[] api = ["Profiles:default:Transports:0=api", "Profiles:default:ApiModel=claude-sonnet-4-5"];
        var (first, second) = (await cluster.AddHostAsync("host-1", api), await cluster.AddHostAsync("host-2", api));
        await RunAsync(cluster, first, 1, "remember colour=teal", epoch: 1);
        await RunAsync(cluster, first, 2, "remember size=huge", epoch: 1);

        var moved = await RunAsync(cluster, second, 3, "recall colour", epoch: 2);

        Assert.Equal("[3] teal", moved.Text);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task What_a_session_left_on_a_disk_goes_and_what_is_in_use_stays()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var (first, second) = (await cluster.AddHostAsync("host-1"), await cluster.AddHostAsync("host-2"));
        await RunAsync(cluster, first, 1, "say a", epoch: 1);
        await RunAsync(cluster, second, 2, "say b", epoch: 2);
        var left = await cluster.ReadSessionAsync(Session);

        await first.Get<Tidying>().TidyAsync(Cancellation);
        await second.Get<Tidying>().TidyAsync(Cancellation);

        await Eventually.BecomesTrueAsync(() => !Directory.EnumerateDirectories(cluster.SessionsPathOf(first)).Any(), Cancellation);
        Assert.Equal(left.RouteId.Value, Path.GetFileName(Assert.Single(Directory.GetDirectories(cluster.SessionsPathOf(second)))));
        Assert.Equal("c", (await RunAsync(cluster, second, 3, "say c", epoch: 2)).Text);
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData("WhenSafe", false, TurnDelivery.ReplayedNotice)]
    [InlineData("WhenSafe", true, null)]
    [InlineData("Always", true, TurnDelivery.ToolsReplayedNotice)]
    [InlineData("Never", false, null)]
    public async Task Turn_whose_host_was_lost_runs_on_another_by_the_profiles_rule(string rule, bool usesTool, string? notice)
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        string[] settings = [$"Profiles:default:Replay={rule}"];
        var (lost, other) = (await cluster.AddHostAsync("host-1", settings), await cluster.AddHostAsync("host-2", settings));
        var prompt = usesTool ? "call-tool Bash\ntimes 1 hang\nsay back" : "times 1 hang\nsay back";
        await lost.AcceptAsync(Session, await cluster.PrepareAsync(lost, Session, "t1", prompt));
        await Eventually.BecomesTrueAsync(async () => !usesTool || (await cluster.ReadAsync(Session, "t1")).ToolsUsed, Cancellation);

        var turn = await cluster.RunAgainAsync(other, Session, "t1", usesTool ? "call-tool Bash\nsay back" : "say back", epoch: 2);

        Assert.Equal(notice is null ? ProblemCodes.TurnNotReplayed : null, turn.Attempts[^1].Problem?.Code);
        Assert.Equal(notice, turn.Reply?.Notices.Single());
    }

    private static async Task<Reply> RunAsync(HostCluster cluster, RunningHost host, int turn, string prompt, long epoch)
    {
        var record = await cluster.RunAsync(host, Session, $"t{turn}", prompt, epoch);
        Assert.True(record.Reply is not null, $"{record.Attempts[^1].Problem}");

        // The next turn may be another host's, which begins with what is written there.
        await cluster.SavedAsync(Session, $"t{turn}");
        return record.Reply;
    }

    private static async Task<Reply> RetryAsync(HostCluster cluster, RunningHost host, string turn, string prompt, long epoch)
    {
        var record = await cluster.RunAgainAsync(host, Session, turn, prompt, epoch);
        await cluster.SavedAsync(Session, turn);
        return record.Reply!;
    }
}
