using System.Net.Http.Json;
using FunctionsBroker.ClaudeCode.Exchanges;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.SessionHost.Tests.Running;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.SessionHost.Tests.Actors;

/// <summary>Conversations that fill the model's context window, and their history.</summary>
[Trait("Category", "EndToEnd")]
public sealed class LongConversationTests
{
    // The smallest share that may be set of a window of 200 000 tokens; the model counts four characters to a token.
    private static readonly string[] s_profile = ["Profiles:default:Model=claude-sonnet-4-5", "Profiles:default:ContextThreshold=0.1"];
    private static readonly string s_long = new('x', 100_000);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_conversation_over_the_threshold_is_summed_up_and_goes_on_in_the_same_process()
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync("host-1", s_profile);
        await cluster.RunAsync(host, "room:1", "t1", "remember colour=teal");
        var full = await cluster.RunAsync(host, "room:1", "t2", s_long);

        var next = await cluster.RunAsync(host, "room:1", "t3", "recall colour");
        var later = await cluster.RunAsync(host, "room:1", "t4", "recall colour");

        Assert.Empty(full.Reply!.Notices);
        Assert.EndsWith("teal", next.Reply!.Text, StringComparison.Ordinal);
        Assert.Contains("was summed up", Assert.Single(next.Reply.Notices), StringComparison.Ordinal);
        Assert.Equal(full.Attempts[0].Process!.Pid, next.Attempts[0].Process!.Pid);
        Assert.Empty(later.Reply!.Notices);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_conversation_that_is_to_be_rotated_begins_anew_told_what_was_said_last_and_says_so()
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync("host-1", [.. s_profile, "Profiles:default:ContextGuard=rotate"]);
        await cluster.RunAsync(host, "room:1", "t1", "remember colour=teal");
        await cluster.RunAsync(host, "room:1", "t2", s_long);
        var old = (await cluster.ReadSessionAsync("room:1")).ClaudeSessionId;

        var next = await cluster.RunAsync(host, "room:1", "t3", "recall colour");

        Assert.Equal("[3] teal", next.Reply!.Text);
        Assert.Contains("told the last 2 messages", next.Reply.Notices[0], StringComparison.Ordinal);
        Assert.Equal(UntoldExchanges.ToldNotice, next.Reply.Notices[1]);
        Assert.NotEqual(old, (await cluster.ReadSessionAsync("room:1")).ClaudeSessionId);

        // Nothing is over the threshold any more, and nothing is told twice.
        var later = await cluster.RunAsync(host, "room:1", "t4", "recall colour");
        Assert.Equal(("[4] teal", 0), (later.Reply!.Text, later.Reply.Notices.Count));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task History_is_read_from_the_transcript_by_any_host_newest_first()
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync("host-1");
        for (var turn = 1; turn <= 3; turn++)
        {
            await cluster.RunAsync(host, "room:1", $"t{turn}", $"message {turn}");
        }

        await cluster.SavedAsync("room:1", "t3");

        var other = await cluster.AddHostAsync("host-2");
        var newest = await ReadAsync(other, "?limit=2");
        var rest = await ReadAsync(other, $"?limit=50&before={newest.Next}");

        Assert.Equal([("assistant", "[3] message 3"), ("user", "message 3")], newest.Entries.Select(entry => (entry.Role, entry.Text)));
        Assert.Equal(
            [("assistant", "[2] message 2"), ("user", "message 2"), ("assistant", "[1] message 1"), ("user", "message 1")],
            rest.Entries.Select(entry => (entry.Role, entry.Text)));
        Assert.Null(rest.Next);
    }

    private static async Task<HistoryPage> ReadAsync(RunningHost host, string query) =>
        (await host.Http.GetFromJsonAsync($"/sessions/room:1/history{query}", ContractsJsonContext.Default.HistoryPage, Cancellation))!;
}
