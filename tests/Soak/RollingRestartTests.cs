using System.Net;
using FunctionsBroker.Contracts.Endpoints;
using FunctionsBroker.LoopbackModel;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Running;

namespace FunctionsBroker.Soak;

/// <summary>Every host stopped as a new version is rolled out, one after the other, while conversations go on.</summary>
[Trait("Category", "EndToEnd")]
public sealed class RollingRestartTests
{
    private const int Sessions = 12;
    private const int TurnsPerSession = 10;
    private const int Hosts = 3;

    /// <summary>Longer than a host may take to stop.</summary>
    private static readonly TimeSpan s_restart = TimeSpan.FromMinutes(5);
    private static readonly HttpClient s_http = new();

    private static readonly Dictionary<string, string> s_settings = new()
    {
        ["Host__HeartbeatInterval"] = "00:00:02",
        ["Host__ShutdownTimeout"] = "00:02:00",
        ["Host__Profiles__default__Tools"] = "",
        ["Host__Profiles__default__SystemPrompt"] = "Answer.",
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = 900_000)]
    public async Task Every_host_is_restarted_under_load_and_no_turn_is_run_twice()
    {
        using var data = new TempDirectory();
        await using var model = await LoopbackModelServer.StartAsync(new LoopbackModelOptions(), Cancellation);
        await using var system = await BrokerSystem.StartAsync(data.Path, model.BaseUrl, Hosts, s_settings);
        await using var replies = new ReplyLog(system.Endpoints.Storage.ConnectionString);
        var client = new PersistentClient(() => system.Endpoints);
        var sessions = Enumerable.Range(0, Sessions).Select(number => new SoakSession(number, TurnsPerSession)).ToList();
        var all = sessions.SelectMany(session => session.Turns).ToList();
        var before = system.Endpoints.Hosts;

        var traffic = Task.WhenAll(sessions.Select(session => new Traffic(session, client, replies).RunAsync(Cancellation)));
        List<Strike> strikes = [];
        foreach (var (index, host) in before.Index())
        {
            // A fifth of the turns before each of them, and two after the last: conversations go on at all times.
            await Eventually.BecomesTrueAsync(() => all.Count(turn => turn.Ended is not null) >= all.Count * (index + 1) / (Hosts + 2), Cancellation, s_restart);
            Assert.Contains(all, turn => turn.Ended is null);
            await RestartAsync(host, () => system.Endpoints);
            strikes.Add(new Strike(StrikeKind.HostDrain, TimeProvider.System.GetUtcNow()));
        }

        await traffic;
        await replies.HasAllOfAsync(all, Cancellation);

        var verdict = new Verdict(sessions, replies, strikes);
        TestContext.Current.TestOutputHelper!.WriteLine(verdict.Summary);
        Assert.True(verdict.Faults.Count == 0, $"{verdict.Summary}\n{string.Join('\n', verdict.Faults.Take(30))}");

        // An answer begins with the number of prompts in its conversation, and one that was given to two hosts counts twice.
        Assert.Equal([], sessions.SelectMany(session => session.Turns.Index()).Where(turn => !IsPrompt(turn.Index + 1, turn.Item)).Select(turn => Describe(turn.Item)));
        Assert.Equal([], all.Where(turn => turn.Heard is { Resets: > 0 }).Select(Describe));
        Assert.Equal(Hosts, all.SelectMany(turn => turn.Ended!.Attempts).Select(attempt => attempt.HostId).Distinct().Count());
    }

    private static bool IsPrompt(int number, SoakTurn turn) => turn.Ended!.Reply!.Text.StartsWith($"[{number}] ", StringComparison.Ordinal);

    private static string Describe(SoakTurn turn) =>
        $"{turn.Id}: {string.Join(", ", turn.Ended!.Attempts.Select(attempt => $"{attempt.HostId} {attempt.Outcome} {attempt.StartedAt:mm:ss.fff} to {attempt.FinishedAt:mm:ss.fff} {attempt.Problem?.Code}"))}";

    /// <summary>Stops the host by SIGTERM, as an orchestrator of containers does, and waits until its successor takes turns.</summary>
    private static async Task RestartAsync(HostEndpoint host, Func<EndpointsFile> endpoints)
    {
        Assert.True(await Signals.SendAsync("TERM", host.Pid));
        await Eventually.BecomesTrueAsync(
            async () => endpoints().Hosts.Single(now => now.Id == host.Id) is var now && now.Pid != host.Pid && await IsReadyAsync(now.Url),
            Cancellation,
            s_restart);
    }

    private static async Task<bool> IsReadyAsync(Uri host)
    {
        try
        {
            using var answer = await s_http.GetAsync(new Uri(host, "healthz/ready"), Cancellation);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
