using FunctionsBroker.ClaudeCode.Transports;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.SessionHost.Conversations;
using FunctionsBroker.SessionHost.Pool;
using FunctionsBroker.SessionHost.Tests.Running;
using FunctionsBroker.SessionHost.Turns;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.SessionHost.Tests.Conversations;

/// <summary>Turns that do something to the conversation, with the real CLI, and turns that are likely to be their session's only one.</summary>
[Trait("Category", "EndToEnd")]
public sealed class CommandTests
{
    private const string Session = "room:1";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Cleared_conversation_is_forgotten_and_its_files_stay()
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync("host-1");
        await cluster.RunAsync(host, Session, "t1", "remember colour=teal");
        var folders = await cluster.FoldersOfAsync(Session);
        await File.WriteAllTextAsync(Path.Combine(folders.Work, "notes.txt"), "kept", Cancellation);
        await cluster.SavedAsync(Session, "t1");
        var before = (await cluster.ReadSessionAsync(Session)).TranscriptBlob!;

        var cleared = await RunAsync(cluster, host, "t2", ConversationCommand.Clear, string.Empty);
        var next = await cluster.RunAsync(host, Session, "t3", "recall colour");

        Assert.Equal((string.Empty, 0m), (cleared.Text, cleared.CostUsd));
        Assert.Equal([TurnRun.ClearedNotice], cleared.Notices);
        Assert.Equal("[1] nothing is known of colour", next.Reply?.Text);
        Assert.Empty(next.Reply!.Notices);
        Assert.True(File.Exists(Path.Combine(folders.Work, "notes.txt")));
        Assert.DoesNotContain(before, cluster.Transcripts.Names);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Prompt_of_a_turn_that_clears_is_the_first_of_the_new_conversation()
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync("host-1");
        await cluster.RunAsync(host, Session, "t1", "remember colour=teal");

        var first = await RunAsync(cluster, host, "t2", ConversationCommand.Clear, "recall colour");
        var next = await cluster.RunAsync(host, Session, "t3", "what did I say 1 turns ago?");

        Assert.Equal(("[1] nothing is known of colour", "[2] recall colour"), (first.Text, next.Reply?.Text));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Cleared_conversation_stays_forgotten_on_another_host_also_when_its_transcript_is_lost()
    {
        await using var cluster = await HostCluster.StartAsync();
        var (first, second) = (await cluster.AddHostAsync("host-1"), await cluster.AddHostAsync("host-2"));
        await cluster.RunAsync(first, Session, "t1", "remember colour=teal");
        await RunAsync(cluster, first, "t2", ConversationCommand.Clear, string.Empty);

        var moved = await cluster.RunAsync(second, Session, "t3", "recall colour", epoch: 2);
        await cluster.RunAsync(second, Session, "t4", "remember size=huge", epoch: 2);
        await cluster.Transcripts.DeleteAllAsync((await cluster.ReadSessionAsync(Session)).RouteId, Cancellation);
        var lost = await cluster.RunAsync(first, Session, "t5", "recall colour", epoch: 3);
        var told = await cluster.RunAsync(first, Session, "t6", "recall size", epoch: 3);

        Assert.Equal("[1] nothing is known of colour", moved.Reply?.Text);
        Assert.Contains(ConversationKeeper.TranscriptLostNotice, lost.Reply!.Notices);
        Assert.EndsWith("nothing is known of colour", lost.Reply.Text, StringComparison.Ordinal);
        Assert.EndsWith("huge", told.Reply?.Text, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Clear_of_a_session_that_has_had_no_turn_is_answered()
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync("host-1");

        var cleared = await RunAsync(cluster, host, "t1", ConversationCommand.Clear, string.Empty);
        var next = await cluster.RunAsync(host, Session, "t2", "hello");

        Assert.Equal([TurnRun.ClearedNotice], cleared.Notices);
        Assert.Equal("[1] hello", next.Reply?.Text);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Compacted_conversation_is_known_by_its_summary()
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync("host-1");
        await cluster.RunAsync(host, Session, "t1", "remember colour=teal");
        await cluster.RunAsync(host, Session, "t2", "remember size=huge");
        var process = await cluster.ReadProcessAsync(Session);

        var compacted = await RunAsync(cluster, host, "t3", ConversationCommand.Compact, string.Empty);
        var next = await cluster.RunAsync(host, Session, "t4", "recall colour");

        Assert.Equal(string.Empty, compacted.Text);
        Assert.Equal([StreamJsonTransport.CompactedNotice], compacted.Notices);
        Assert.True(compacted.CostUsd > 0);
        Assert.EndsWith("teal", next.Reply?.Text, StringComparison.Ordinal);
        Assert.Equal(process, await cluster.ReadProcessAsync(Session));
        Assert.Contains(cluster.Model.Requests, request => request.Kind == LoopbackModel.Conversations.RequestKind.Compaction);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Compact_of_a_session_that_has_had_no_turn_says_what_came_of_it()
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync("host-1");

        await host.AcceptAsync(Session, await cluster.PrepareAsync(host, Session, "t1", string.Empty, command: ConversationCommand.Compact));
        var compacted = await cluster.EndAsync(Session, "t1");
        var next = await cluster.RunAsync(host, Session, "t2", "hello");

        Assert.Equal((string.Empty, "The conversation was not summed up. Error: No messages to compact"), (compacted.Reply?.Text, compacted.Reply?.Notices.Single()));
        Assert.EndsWith("hello", next.Reply?.Text, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Compact_without_a_transport_that_can_is_a_problem()
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync("host-1", "Profiles:default:Transports:0=api", "Profiles:default:ApiModel=claude-sonnet-4-5");

        await host.AcceptAsync(Session, await cluster.PrepareAsync(host, Session, "t1", string.Empty, command: ConversationCommand.Compact));
        var failed = await cluster.EndAsync(Session, "t1");

        Assert.Equal(ProblemCodes.InvalidRequest, failed.Attempts[^1].Problem?.Code);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Conversation_that_the_cli_begins_by_itself_is_the_one_that_goes_on()
    {
        await using var cluster = await HostCluster.StartAsync();
        string[] settings = ["Profiles:default:Commands=true"];
        var (first, second) = (await cluster.AddHostAsync("host-1", settings), await cluster.AddHostAsync("host-2", settings));
        await cluster.RunAsync(first, Session, "t1", "remember colour=teal");

        var cleared = await cluster.RunAsync(first, Session, "t2", "/clear");
        var next = await cluster.RunAsync(first, Session, "t3", "remember size=huge");
        await cluster.SavedAsync(Session, "t3");
        var moved = await cluster.RunAsync(second, Session, "t4", "recall colour", epoch: 2);
        var size = await cluster.RunAsync(second, Session, "t5", "recall size", epoch: 2);

        Assert.Equal([TurnRun.AnotherConversationNotice], new[] { cleared, next }.SelectMany(turn => turn.Reply!.Notices).Where(notice => notice != TurnRun.NothingSaidNotice));
        Assert.Equal("[1] remembered size", next.Reply?.Text);
        Assert.Equal(("[2] nothing is known of colour", "[3] huge"), (moved.Reply?.Text, size.Reply?.Text));
        Assert.Empty(moved.Reply!.Notices);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Turn_that_is_likely_to_be_the_only_one_leaves_no_process_and_its_session_can_go_on()
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync("host-1");

        await host.AcceptAsync(Session, await cluster.PrepareAsync(host, Session, "t1", "remember colour=teal") with { OneOff = true });
        await cluster.EndAsync(Session, "t1");
        await Eventually.BecomesTrueAsync(() => host.Get<SessionPool>().LiveProcesses == 0, Cancellation);
        await cluster.SavedAsync(Session, "t1");
        var row = await cluster.ReadSessionAsync(Session);
        var next = await cluster.RunAsync(host, Session, "t2", "recall colour");

        Assert.Equal(TimeSpan.FromMinutes(10), row.ExpiresAt - row.LastUsedAt);
        Assert.Equal("[2] teal", next.Reply?.Text);
        Assert.Equal(1, host.Get<SessionPool>().LiveProcesses);
        await Eventually.BecomesTrueAsync(
            async () => await cluster.ReadSessionAsync(Session) is var later && later.ExpiresAt - later.LastUsedAt > TimeSpan.FromMinutes(10), Cancellation);
    }

    private static async Task<Reply> RunAsync(HostCluster cluster, RunningHost host, string turn, ConversationCommand command, string prompt)
    {
        await host.AcceptAsync(Session, await cluster.PrepareAsync(host, Session, turn, prompt, command: command));
        var record = await cluster.EndAsync(Session, turn);
        Assert.True(record.Reply is not null, $"{record.Attempts[^1].Problem}");
        return record.Reply;
    }
}
