using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.SessionHost.Tests.Running;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.SessionHost.Tests.Isolation;

/// <summary>One session is asked, by tools that it may use, for what belongs to another session and to the host.</summary>
/// <remarks>The model does whatever the prompt says, so what holds here is held by the CLI's rules or by the system alone.</remarks>
[Trait("Category", "EndToEnd")]
public sealed class SessionIsolationTests
{
    private const string Secret = "SECRET-OF-ALPHA";

    /// <summary>Finds the secret, and not itself in the transcript of the session that looks for it.</summary>
    private const string Pattern = "SECRET-OF-ALPH[A]";

    // Ids that another run of these tests on this machine does not use at the same time.
    private static readonly int s_firstUser = Random.Shared.Next(200, 20_000) * 100;
    private static readonly string s_users = $"SessionUids={s_firstUser}-{s_firstUser + 99}";

    private static readonly Dictionary<string, string[]> s_modes = new(StringComparer.Ordinal)
    {
        // Nothing is allowed beyond what the CLI allows by itself: reading in the working folder.
        ["rules"] = ["Profiles:open:Tools=Read,Bash"],
        ["sandbox"] = ["Profiles:open:Sandbox=bubblewrap", "Profiles:open:Tools=Read,Bash", "Profiles:open:AllowedTools:0=Read", "Profiles:open:AllowedTools:1=Bash"],
        ["users"] = [s_users, "Profiles:open:Tools=Read,Bash", "Profiles:open:AllowedTools:0=Read", "Profiles:open:AllowedTools:1=Bash"],
        ["sandbox and users"] =
        [
            s_users, "Profiles:open:Sandbox=bubblewrap", "Profiles:open:Tools=Read,Bash", "Profiles:open:AllowedTools:0=Read", "Profiles:open:AllowedTools:1=Bash",
        ],
    };

    private int _turns;

    public static TheoryData<string> Modes => [.. s_modes.Keys];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory(Timeout = 2 * TestTimeouts.DefaultMilliseconds)]
    [MemberData(nameof(Modes))]
    public async Task A_session_reads_its_own_files_and_nothing_of_anothers_or_of_the_host(string mode)
    {
        await using var cluster = await HostCluster.StartAsync();
        cluster.OpenFolders();
        var host = await cluster.AddHostAsync("host-1", ["Profiles:open:Model=claude-sonnet-4-5", .. s_modes[mode]]);
        await AskAsync(cluster, host, "alpha", $"remember word={Secret}");
        var alpha = await cluster.FoldersOfAsync("alpha");
        var process = await cluster.ReadProcessAsync("alpha");
        await WriteAsync(alpha, Secret);
        await AskAsync(cluster, host, "beta", "hello");
        var beta = await cluster.FoldersOfAsync("beta");
        await WriteAsync(beta, "OWN-OF-BETA");

        var own = await AskAsync(cluster, host, "beta", Read(Path.Combine(beta.Work, "notes.txt")));
        Assert.Contains("OWN-OF-BETA", own, StringComparison.Ordinal);
        string[] foreign =
        [
            Path.Combine(alpha.Work, "notes.txt"),
            alpha.Transcript((await cluster.ReadSessionAsync("alpha")).ClaudeSessionId).Path,
            Path.Combine(alpha.Config, ".claude.json"),
            alpha.Mark,
            beta.Mark,
            await cluster.ProcessFileAsync("alpha"),
            $"/proc/{process.Pid}/environ",
            $"/proc/{Environment.ProcessId}/environ",
        ];
        foreach (var path in foreign)
        {
            Assert.True(Path.Exists(path), path);
            AssertRefused(path, await AskAsync(cluster, host, "beta", Read(path)));
            AssertRefused(path, await AskAsync(cluster, host, "beta", Bash($"cat {path}")));
        }

        Assert.DoesNotContain(Secret, await AskAsync(cluster, host, "beta", Bash($"grep -rs {Pattern} {cluster.WorkPathOf(host)} /proc/*/environ || true")), StringComparison.Ordinal);
    }

    private static void AssertRefused(string path, string reply)
    {
        Assert.Contains("failed", reply, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, reply, StringComparison.Ordinal);
        Assert.DoesNotContain("ANTHROPIC_API_KEY=", reply, StringComparison.Ordinal);
        Assert.False(reply.Contains("startTicks", StringComparison.Ordinal), path);
    }

    private static string Read(string path) => $$"""call tool Read {"file_path":"{{path}}"}""";

    private static string Bash(string command) => $$"""call tool Bash {"command":"{{command}}","description":"look"}""";

    private async Task<string> AskAsync(HostCluster cluster, RunningHost host, string session, string prompt)
    {
        var turn = $"t{++_turns}";
        await host.AcceptAsync(session, await cluster.PrepareAsync(host, session, turn, prompt, profile: "open"));
        var record = await cluster.EndAsync(session, turn);
        return record.Reply?.Text ?? $"{record.Problem?.Code} {record.Attempts[^1].Problem?.Detail}";
    }

    // Open to everybody: it is the folders that keep others out.
    private static async Task WriteAsync(SessionFolders folders, string text)
    {
        var path = Path.Combine(folders.Work, "notes.txt");
        await File.WriteAllTextAsync(path, text, Cancellation);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
    }
}
