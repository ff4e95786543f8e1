using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Fast;
using FunctionsBroker.Functions.Waiting;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace FunctionsBroker.Functions.Tests.Waiting;

public sealed class TurnWaiterTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryTurnStore _turns = new();
    private readonly TurnNotifier _notifier = new();
    private readonly TaskCompletionSource<TurnRecord?> _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TurnWaiter _waiter;
    private int _looks;

    public TurnWaiterTests()
    {
        _waiter = new TurnWaiter(_turns, _notifier, new SessionHeads(_turns), _time);
        _turns.OnFind = () => Interlocked.Increment(ref _looks);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task Wait_HeldResponseTellsOfTheEndMuchLater_ReturnsItAtOnce()
    {
        var turn = await AddAsync();
        var waiting = _waiter.WaitAsync(turn, _held.Task, s_limit, Cancellation);
        await LookAsync();

        // From here on the clock stands still: nothing but the held response can wake the caller.
        var ended = turn with { Status = TurnStatus.Completed };
        _held.SetResult(ended);

        Assert.Same(ended, await waiting);
    }

    [Fact(Timeout = 60_000)]
    public async Task Wait_HeldResponseIsCut_StillLooksAndHearsOfTheEnd()
    {
        var turn = await AddAsync();
        var waiting = _waiter.WaitAsync(turn, _held.Task, s_limit, Cancellation);
        await LookAsync();
        _held.SetResult(null);

        var row = (await _turns.FindAsync(turn.SessionId, turn.TurnId, Cancellation))!;
        await _turns.UpdateAsync(row, row.Value with { Status = TurnStatus.Completed }, Cancellation);
        _notifier.Announce(turn.SessionId, turn.TurnId);

        Assert.Equal(TurnStatus.Completed, (await waiting).Status);
    }

    [Fact(Timeout = 60_000)]
    public async Task Wait_NobodyTells_EndsAtItsLimitWithTheTurnAsItIs()
    {
        var turn = await AddAsync();
        var waiting = _waiter.WaitAsync(turn, _held.Task, s_limit, Cancellation);

        await Eventually.BecomesTrueAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return Task.FromResult(waiting.IsCompleted);
            },
            Cancellation);

        Assert.Equal(TurnStatus.Running, (await waiting).Status);
    }

    /// <summary>Lets the time pass until the caller has stopped to rely on the held response alone.</summary>
    private Task LookAsync() => Eventually.BecomesTrueAsync(
        () =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(Volatile.Read(ref _looks) > 0);
        },
        Cancellation);

    private async Task<TurnRecord> AddAsync()
    {
        var turn = new TurnRecord
        {
            SessionId = SessionId.Parse("s"),
            TurnId = TurnId.Parse("t"),
            Status = TurnStatus.Running,
            RequestHash = "hash",
            Timings = new TurnTimings { CreatedAt = _time.GetUtcNow() },
        };
        await _turns.AddAsync(turn, "prompt", after: null, Cancellation);
        return turn;
    }
}
