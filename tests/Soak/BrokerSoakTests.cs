using FunctionsBroker.LoopbackModel;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Running;

namespace FunctionsBroker.Soak;

/// <summary>Conversations over HTTP and queues on three hosts, while every part of the system is killed and started again.</summary>
[Trait("Category", "EndToEnd")]
public sealed class BrokerSoakTests
{
    private const int Hosts = 3;
    private const int ShortTurns = 120;

    /// <summary>How many turns in all. Without it a run of all tests has few of them; 3000 are the whole of it.</summary>
    private const string TurnsVariable = "BROKER_SOAK_TURNS";

    private static readonly Dictionary<string, string> s_settings = new()
    {
        ["Host__TurnIdle"] = "00:00:20",
        ["Host__HeartbeatInterval"] = "00:00:02",
        ["Host__Profiles__default__Tools"] = "",
        ["Host__Profiles__default__SystemPrompt"] = "Answer.",
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = 3_600_000)]
    public async Task Every_turn_ends_once_with_its_own_answer_in_order_whatever_is_killed()
    {
        var turns = int.TryParse(Environment.GetEnvironmentVariable(TurnsVariable), out var asked) ? asked : ShortTurns;
        var isShort = turns <= ShortTurns;
        var count = isShort ? 30 : 60;
        using var data = new TempDirectory();
        await using var model = await LoopbackModelServer.StartAsync(new LoopbackModelOptions(), Cancellation);
        await using var system = await BrokerSystem.StartAsync(data.Path, model.BaseUrl, Hosts, s_settings);
        await using var replies = new ReplyLog(system.Endpoints.Storage.ConnectionString);
        var client = new PersistentClient(() => system.Endpoints);
        var sessions = Enumerable.Range(0, count).Select(number => new SoakSession(number, turns / count)).ToList();

        IReadOnlyList<Strike> strikes;
        await using (var havoc = new Havoc(() => system.Endpoints, data.Path, isShort ? Havoc.EachOnce : Havoc.MostlyClaude, () => sessions.Sum(session => session.Turns.Count(turn => turn.Ended is not null))))
        {
            await Task.WhenAll(sessions.Select(session => new Traffic(session, client, replies).RunAsync(Cancellation)));
            strikes = havoc.Strikes;
        }

        var all = sessions.SelectMany(session => session.Turns).ToList();
        await replies.HasAllOfAsync(all, Cancellation);
        var verdict = new Verdict(sessions, replies, strikes);
        TestContext.Current.TestOutputHelper!.WriteLine(verdict.Summary);
        Assert.True(verdict.Faults.Count == 0, $"{verdict.Summary}\n{string.Join('\n', verdict.Faults.Take(30))}");
        Assert.All(Enum.GetValues<StrikeKind>(), kind => Assert.Contains(strikes, strike => strike.Kind == kind));
    }
}
