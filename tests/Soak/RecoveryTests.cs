using System.Globalization;
using FunctionsBroker.Contracts.Endpoints;
using FunctionsBroker.LoopbackModel;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Running;

namespace FunctionsBroker.Soak;

/// <summary>One kill of each kind in the middle of thirty conversations over HTTP and queues; the time to recover is printed, not judged.</summary>
[Trait("Category", "EndToEnd")]
public sealed class RecoveryTests
{
    private const int Sessions = 30;
    private const int TurnsPerSession = 4;
    private const int Hosts = 2;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    private static readonly Dictionary<string, string> s_settings = new()
    {
        ["Host__HeartbeatInterval"] = "00:00:02",
        ["Host__Profiles__default__Tools"] = "",
        ["Host__Profiles__default__SystemPrompt"] = "Answer.",
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory(Timeout = 900_000)]
    [InlineData(nameof(StrikeKind.Front))]
    [InlineData(nameof(StrikeKind.Worker))]
    [InlineData(nameof(StrikeKind.Host))]
    [InlineData(nameof(StrikeKind.Storage))]
    public async Task A_kill_in_the_middle_of_turns_loses_doubles_and_reorders_none(string name)
    {
        var kind = Enum.Parse<StrikeKind>(name);
        using var data = new TempDirectory();
        await using var model = await LoopbackModelServer.StartAsync(new LoopbackModelOptions(), Cancellation);
        await using var system = await BrokerSystem.StartAsync(data.Path, model.BaseUrl, Hosts, s_settings);
        await using var replies = new ReplyLog(system.Endpoints.Storage.ConnectionString);
        var client = new PersistentClient(() => system.Endpoints);
        var sessions = Enumerable.Range(0, Sessions).Select(number => new SoakSession(number, TurnsPerSession)).ToList();
        var all = sessions.SelectMany(session => session.Turns).ToList();

        var traffic = Task.WhenAll(sessions.Select(session => new Traffic(session, client, replies).RunAsync(Cancellation)));
        await Eventually.BecomesTrueAsync(() => all.Count(turn => turn.Ended is not null) >= Sessions, Cancellation, s_patience);
        var strike = new Strike(kind, TimeProvider.System.GetUtcNow());
        Assert.True(await StrikeAsync(kind, system.Endpoints));
        await traffic;
        await replies.HasAllOfAsync(all, Cancellation);

        var verdict = new Verdict(sessions, replies, [strike]);
        TestContext.Current.TestOutputHelper!.WriteLine($"{kind}: {TimesOf(all, strike)}; {verdict.Summary}");
        Assert.True(verdict.Faults.Count == 0, $"{verdict.Summary}\n{string.Join('\n', verdict.Faults.Take(30))}");
    }

    private static Task<bool> StrikeAsync(StrikeKind kind, EndpointsFile endpoints) => kind switch
    {
        StrikeKind.Front => Signals.SendAsync("KILL", endpoints.Front.Pid),
        StrikeKind.Worker => Signals.SendAsync("KILL", FunctionsWorker.Find(endpoints.Front.Pid) ?? throw new InvalidOperationException("There is no worker.")),
        StrikeKind.Host => Signals.SendAsync("KILL", endpoints.Hosts[0].Pid),

        // Killed, the emulator loses what it has acknowledged in the last seconds, which no storage account does.
        StrikeKind.Storage => Signals.SendAsync("TERM", endpoints.Storage.Pid),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>How long after the strike the turns ended that had begun before it.</summary>
    private static string TimesOf(IReadOnlyList<SoakTurn> turns, Strike strike)
    {
        double[] seconds =
        [
            .. turns.Select(turn => turn.Ended!.Timings)
                .Where(timings => timings.CreatedAt < strike.At && timings.FinishedAt > strike.At)
                .Select(timings => (timings.FinishedAt!.Value - strike.At).TotalSeconds)
                .Order(),
        ];
        return seconds.Length == 0
            ? "no turn was under way"
            : string.Create(CultureInfo.InvariantCulture, $"{seconds.Length} turns under way ended after {seconds[0]:f1} s (first), {seconds[seconds.Length / 2]:f1} s (median), {seconds[^1]:f1} s (last)");
    }
}
