using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.SessionHost.Pool;
using FunctionsBroker.SessionHost.Tests.Running;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.SessionHost.Tests.Orphans;

/// <summary>Processes come and go, in order and not; none stays.</summary>
public sealed class NoOrphansTests
{
    private const int Sessions = 10;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = 3 * TestTimeouts.DefaultMilliseconds)]
    public async Task A_hundred_processes_with_children_of_their_own_leave_none_behind()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        List<ProcessIdentity> processes = [];
        for (var round = 0; round < 10; round++)
        {
            // A new host in each round, stopped in order or after its processes were killed.
            var host = await cluster.AddHostAsync($"host-{round}");
            await Task.WhenAll(Enumerable.Range(0, Sessions).Select(session => RunAsync(cluster, host, session, round)));
            for (var session = 0; session < Sessions; session++)
            {
                processes.Add(await cluster.ReadProcessAsync($"room:{session}"));
            }

            if (round % 2 == 1)
            {
                processes[^1].Kill();
                processes[^2].Kill();
            }

            await host.StopAsync();
        }

        Assert.Equal(10 * Sessions, processes.Select(process => process.Mark).Distinct().Count());
        Assert.All(processes, process => Assert.Empty(ProcessFamily.FindMarked(process.Mark)));
    }

    [Fact(Timeout = 2 * TestTimeouts.DefaultMilliseconds)]
    [Trait("Category", "EndToEnd")]
    public async Task Processes_of_the_real_CLI_leave_none_behind()
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync("host-1", "MaxSessions=2");
        List<ProcessIdentity> processes = [];
        for (var turn = 0; turn < 10; turn++)
        {
            // Two may live, so that each start closes another.
            await cluster.RunAsync(host, $"room:{turn % 4}", $"t{turn}", "hello");
            processes.Add(await cluster.ReadProcessAsync($"room:{turn % 4}"));
        }

        await host.StopAsync();

        Assert.Equal(10, processes.Select(process => process.Mark).Distinct().Count());
        Assert.All(processes, process => Assert.Empty(ProcessFamily.FindMarked(process.Mark)));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    [Trait("Category", "EndToEnd")]
    public async Task What_hides_from_the_mark_in_a_sandbox_ends_with_it()
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync(
            "host-1",
            "Profiles:default:Sandbox=bubblewrap",
            "Profiles:default:Tools=Bash",
            "Profiles:default:AllowedTools:0=Bash");
        var name = $"hidden-{Guid.NewGuid():N}";
        await cluster.RunAsync(
            host,
            "room:1",
            "t1",
            $$"""call tool Bash {"command":"env -i setsid sh -c 'while true; do sleep 1; done' {{name}} >/dev/null 2>&1 & sleep 0.2; echo done"}""");
        Assert.True(IsThere(name));

        host.Get<SessionPool>().CloseIdle(TimeSpan.Zero);

        await Eventually.BecomesTrueAsync(() => !IsThere(name), Cancellation);
    }

    private static async Task RunAsync(HostCluster cluster, RunningHost host, int session, int round) =>
        Assert.NotNull((await cluster.RunAsync(host, $"room:{session}", $"t{session}-{round}", "leave-child 300\nsay a", epoch: round + 1)).Reply);

    private static bool IsThere(string name) =>
        Directory.EnumerateDirectories("/proc").Any(folder =>
        {
            try
            {
                return int.TryParse(Path.GetFileName(folder), out _) && File.ReadAllText(Path.Combine(folder, "cmdline")).Contains($"\0{name}\0", StringComparison.Ordinal);
            }
            catch (IOException)
            {
                return false;
            }
        });
}
