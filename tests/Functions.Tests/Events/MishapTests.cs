using FunctionsBroker.Contracts.Events;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Fakes;

namespace FunctionsBroker.Functions.Tests.Events;

/// <summary>Listening while everything goes wrong, in orders that nobody thought of. The seed is the case.</summary>
public sealed class MishapTests : IDisposable
{
    private const int Steps = 25;

    // Lets the listener keep up with some steps and fall behind at others.
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(20);

    private readonly SemaphoreSlim _heard = new(0);
    private readonly InMemoryTurnStore _turns = new();
    private readonly InMemoryHostStore _hosts = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [MemberData(nameof(Seeds))]
    public async Task Listen_ThroughAnyMishaps_ShowsTheReplyAndEndsOnce(int seed)
    {
        await using var one = await StartHostAsync("host-1");
        await using var other = await StartHostAsync("host-2");
        using var fronts = new TwoFronts(_turns, _hosts);
        await _turns.AddAsync(TurnRows.Queued().RunOn(one.HostId), "hi", Cancellation);

        var listening = ListenAsync(fronts, new Random(seed));
        var reply = await RunAsync([one, other], new Random(-seed));
        var (last, text) = await listening;

        Assert.Equal(reply, Assert.IsType<TurnEvent.Completed>(last).Reply.Text);
        Assert.Equal(reply, text);
    }

    public void Dispose() => _heard.Dispose();

    /// <summary>Runs the turn, and moves and breaks what can be moved and broken.</summary>
    private async Task<string> RunAsync(ScriptedHost[] hosts, Random random)
    {
        var (host, said) = (hosts[0], string.Empty);
        for (var step = 0; step < Steps; step++)
        {
            switch (random.Next(8))
            {
                case 0:
                    host.Break();
                    break;
                case 1:
                    (host, said) = (hosts[random.Next(2)], string.Empty);
                    host.BeginRun();
                    await MoveAsync(turn => turn.RunOn(host.HostId));
                    break;
                case 2:
                    host.Tell(new TurnEvent.Reset("The process was started again."));
                    said = string.Empty;
                    break;
                case 3:
                    host.Tell(new TurnEvent.Tool($"tool-{step}", ToolState.Started) { Name = "Bash" });
                    break;
                default:
                    host.Tell(new TurnEvent.Delta($"{step} "));
                    said += $"{step} ";
                    break;
            }

            if (random.Next(2) == 0)
            {
                await _heard.WaitAsync(s_patience, Cancellation);
            }
        }

        await MoveAsync(turn => turn.Complete(said, TurnRows.Began.AddMinutes(1)));
        if (random.Next(2) == 0)
        {
            host.KnowsTurn = false;
            host.Break();
        }

        host.Tell(new TurnEvent.Completed(TurnRows.ReplyOf(said)));
        return said;
    }

    /// <summary>Listens to the end, and goes away and comes back elsewhere meanwhile.</summary>
    private async Task<(TurnEvent Last, string Text)> ListenAsync(TwoFronts fronts, Random random)
    {
        string? lastId = null;
        var text = string.Empty;
        List<TurnEvent> last = [];
        while (last.Count == 0)
        {
            var turn = (await _turns.FindAsync(TurnRows.Session, TurnRows.Turn, Cancellation))!.Value;
            await using var reader = fronts.Either(random).Listen(turn, lastId);
            for (var left = random.Next(1, 12); left > 0 && await reader.NextAsync() is { } next; left--)
            {
                _heard.Release();
                text = next switch
                {
                    TurnEvent.Delta(var piece) => text + piece,
                    TurnEvent.Reset => string.Empty,
                    _ => text,
                };
                last.AddRange(next.IsLast ? [next] : []);
            }

            lastId = reader.LastId;
        }

        await using var after = fronts.Either(random).Listen(TurnRows.Queued(), lastId);
        Assert.Null(await after.NextAsync());
        return (Assert.Single(last), text);
    }

    private async Task<ScriptedHost> StartHostAsync(string hostId)
    {
        var host = await ScriptedHost.StartAsync(hostId);
        await _hosts.SaveAsync(host.Record, Cancellation);
        return host;
    }

    private async Task MoveAsync(Func<TurnRecord, TurnRecord> move)
    {
        var found = (await _turns.FindAsync(TurnRows.Session, TurnRows.Turn, Cancellation))!;
        await _turns.UpdateAsync(found, move(found.Value), Cancellation);
    }

    private sealed class TwoFronts(InMemoryTurnStore turns, InMemoryHostStore hosts) : IDisposable
    {
        private readonly EventFront[] _fronts = [new(turns, hosts), new(turns, hosts)];

        public EventFront Either(Random random) => _fronts[random.Next(2)];

        public void Dispose()
        {
            foreach (var front in _fronts)
            {
                front.Dispose();
            }
        }
    }
}
