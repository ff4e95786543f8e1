using System.Text;
using FunctionsBroker.ClaudeCode.Exchanges;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.SessionHost.Conversations;
using FunctionsBroker.SessionHost.Pool;
using FunctionsBroker.SessionHost.Tests.Running;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.SessionHost.Tests.Conversations;

/// <summary>Transcripts that lost a part, of the real CLI, which resumes what it can read without a word: nothing that was answered is missing, or the reply says so.</summary>
[Trait("Category", "EndToEnd")]
public sealed class DamagedTranscriptTests
{
    private const string Session = "room:1";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData("cut")]
    [InlineData("zeros")]
    [InlineData("broken line")]
    [InlineData("missing line")]
    public async Task On_the_disk_it_is_fetched_again(string damage)
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync("host-1");
        await RunAsync(cluster, host, 1, "remember colour=teal", epoch: 1);
        await RunAsync(cluster, host, 2, "remember size=huge", epoch: 1);
        await EndProcessAsync(cluster, host);
        var transcript = (await cluster.FoldersOfAsync(Session)).Transcript((await cluster.ReadSessionAsync(Session)).ClaudeSessionId).Path;
        await File.WriteAllBytesAsync(transcript, Damage(await File.ReadAllBytesAsync(transcript, Cancellation), damage), Cancellation);

        var again = await RunAsync(cluster, host, 3, "recall colour", epoch: 1);

        Assert.Equal("[3] teal", again.Text);
        Assert.Empty(again.Notices);
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData("cut")]
    [InlineData("zeros")]
    [InlineData("broken line")]
    [InlineData("missing line")]
    public async Task In_the_blob_a_new_conversation_is_told_what_is_known(string damage)
    {
        await using var cluster = await HostCluster.StartAsync();
        var (first, second) = (await cluster.AddHostAsync("host-1"), await cluster.AddHostAsync("host-2"));
        await RunAsync(cluster, first, 1, "remember colour=teal", epoch: 1);
        await RunAsync(cluster, first, 2, "remember size=huge", epoch: 1);
        cluster.Transcripts.Damage(content => Damage(content, damage));

        var moved = await RunAsync(cluster, second, 3, "recall colour", epoch: 2);

        Assert.EndsWith("teal", moved.Text, StringComparison.Ordinal);
        Assert.Equal([ConversationKeeper.TranscriptLostNotice, UntoldExchanges.ToldNotice], moved.Notices);
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Answers_that_the_cli_could_not_write_down_are_told_from_the_table(bool moves)
    {
        await using var cluster = await HostCluster.StartAsync();
        var binary = Path.Combine(Directory.CreateDirectory(cluster.WorkPathOf("binary")).FullName, "claude");
        WriteBinary(cluster, binary, writesElsewhere: false);
        var first = await cluster.AddHostAsync("host-1", $"ClaudeBinary={binary}");
        var (other, epoch) = moves ? (await cluster.AddHostAsync("host-2"), 2) : (first, 1);
        await RunAsync(cluster, first, 1, "remember colour=teal", epoch: 1);
        await EndProcessAsync(cluster, first);
        WriteBinary(cluster, binary, writesElsewhere: true);
        await RunAsync(cluster, first, 2, "remember size=huge", epoch: 1);
        await RunAsync(cluster, first, 3, "remember shape=round", epoch: 1);
        await EndProcessAsync(cluster, first);
        WriteBinary(cluster, binary, writesElsewhere: false);

        var colour = await RunAsync(cluster, other, 4, "recall colour", epoch);
        var size = await RunAsync(cluster, other, 5, "recall size", epoch);
        var shape = await RunAsync(cluster, other, 6, "recall shape", epoch);

        Assert.EndsWith("teal", colour.Text, StringComparison.Ordinal);
        Assert.EndsWith("huge", size.Text, StringComparison.Ordinal);
        Assert.EndsWith("round", shape.Text, StringComparison.Ordinal);
        Assert.Equal([UntoldExchanges.ToldNotice], colour.Notices);
    }

    private static byte[] Damage(byte[] content, string how)
    {
        var half = content.Length / 2;
        if (how is "cut" or "zeros")
        {
            return [.. content[..half], .. new byte[how == "zeros" ? content.Length - half : 0]];
        }

        // The line of the first answer.
        var text = Encoding.UTF8.GetString(content);
        var at = text.IndexOf("\"type\":\"assistant\"", StringComparison.Ordinal);
        Assert.True(at > 0);
        var (begin, end) = (text.LastIndexOf('\n', at) + 1, text.IndexOf('\n', at) + 1);
        return Encoding.UTF8.GetBytes(how == "broken line" ? text[..at] + "#" + text[(at + 1)..] : text[..begin] + text[end..] + new string('\n', end - begin));
    }

    /// <param name="writesElsewhere">Whether the CLI gets a copy of its folder, and so adds nothing to the host's transcript: as on a disk that is full.</param>
    private static void WriteBinary(HostCluster cluster, string path, bool writesElsewhere)
    {
        const string Elsewhere = "cp -r \"$CLAUDE_CONFIG_DIR\" \"$0-copy\" && export CLAUDE_CONFIG_DIR=\"$0-copy\" && ";
        File.WriteAllText(path, $"#!/bin/bash\n{(writesElsewhere ? Elsewhere : "")}exec '{cluster.ClaudeBinary}' \"$@\"\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static async Task EndProcessAsync(HostCluster cluster, RunningHost host)
    {
        (await cluster.ReadProcessAsync(Session)).Kill();
        await Eventually.BecomesTrueAsync(() => host.Get<SessionPool>().LiveProcesses == 0, Cancellation);
    }

    private static async Task<Reply> RunAsync(HostCluster cluster, RunningHost host, int turn, string prompt, long epoch)
    {
        var record = await cluster.RunAsync(host, Session, $"t{turn}", prompt, epoch);
        Assert.True(record.Reply is not null, $"{record.Attempts[^1].Problem}");

        // The next turn may be another host's, which begins with what is written there.
        await cluster.SavedAsync(Session, $"t{turn}");
        return record.Reply;
    }
}
