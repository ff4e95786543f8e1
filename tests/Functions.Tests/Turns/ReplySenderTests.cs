using System.Collections.Concurrent;
using FunctionsBroker.Contracts.Queues;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Turns;
using FunctionsBroker.Sessions.Errors;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Fakes;

namespace FunctionsBroker.Functions.Tests.Turns;

public sealed class ReplySenderTests : IDisposable
{
    private static readonly SessionId s_session = SessionId.Parse("s");

    private readonly InMemoryTurnStore _turns = new();
    private readonly SlowQueue _queue = new();
    private readonly ReplySender _sender;

    public ReplySenderTests()
    {
        _sender = new ReplySender(_turns, _queue);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Send_TurnThatWantsNoReply_SendsNone()
    {
        _queue.Open();

        await SendAsync(await AddAsync("t", replyTo: null));

        Assert.Empty(_queue.Received);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Send_AgainAfterItWasSent_SendsNone()
    {
        _queue.Open();
        var turn = await AddAsync("t");

        await SendAsync(turn);
        await SendAsync(turn);

        Assert.Equal(["t"], _queue.Received);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Send_MarkThatCannotBeWritten_SendsAgainNextTime()
    {
        _queue.Open();
        var turn = await AddAsync("t");
        _turns.OnUpdate = _ => throw new IOException("Storage is away.");
        await Assert.ThrowsAsync<IOException>(() => SendAsync(turn));
        _turns.OnUpdate = _ => { };

        await SendAsync(turn);

        Assert.Equal(["t", "t"], _queue.Received);
        Assert.True(await IsPublishedAsync(turn));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Send_ManyToASlowQueue_HasNoMoreThanTheBoundOnTheirWay()
    {
        List<TurnId> ids = [];
        for (var number = 0; number < ReplySender.MaxOnTheirWay * 3; number++)
        {
            ids.Add(await AddAsync($"t{number}"));
        }

        var sending = ids.Select(SendAsync).ToList();
        await Eventually.BecomesTrueAsync(() => _queue.Waiting == ReplySender.MaxOnTheirWay, Cancellation);
        _queue.Open();
        await Task.WhenAll(sending);

        Assert.Equal(ReplySender.MaxOnTheirWay, _queue.MostWaiting);
        Assert.Equal(ids.Select(id => id.Value).Order(), _queue.Received.Order());
        Assert.All(await Task.WhenAll(ids.Select(IsPublishedAsync)), Assert.True);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Send_TurnWhoseReplyIsSentByAnotherRunMeanwhile_SendsNone()
    {
        List<Task> sending = [];
        for (var number = 0; number < ReplySender.MaxOnTheirWay; number++)
        {
            sending.Add(SendAsync(await AddAsync($"t{number}")));
        }

        await Eventually.BecomesTrueAsync(() => _queue.Waiting == ReplySender.MaxOnTheirWay, Cancellation);
        var turn = await AddAsync("t");
        var read = (await _turns.FindAsync(s_session, turn, Cancellation))!;
        sending.Add(_sender.SendAsync(read, Cancellation));
        await _turns.UpdateAsync(read, read.Value with { Published = true }, Cancellation);
        _queue.Open();
        await Task.WhenAll(sending);

        Assert.DoesNotContain("t", _queue.Received);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Send_RowThatChangedAfterItWasRead_LeavesRoomForOthers()
    {
        _queue.Open();
        var turn = await AddAsync("t");
        var read = (await _turns.FindAsync(s_session, turn, Cancellation))!;
        await _turns.UpdateAsync(read, read.Value with { TraceParent = "changed" }, Cancellation);

        for (var tries = 0; tries < ReplySender.MaxOnTheirWay + 1; tries++)
        {
            await Assert.ThrowsAsync<ConcurrencyConflictException>(() => _sender.SendAsync(read, Cancellation));
        }

        await SendAsync(turn);
        Assert.True(await IsPublishedAsync(turn));
    }

    public void Dispose() => _sender.Dispose();

    private async Task<TurnId> AddAsync(string id, string? replyTo = QueueNames.Replies)
    {
        var turn = TurnId.Parse(id);
        await _turns.AddAsync(
            new TurnRecord
            {
                SessionId = s_session,
                TurnId = turn,
                Status = TurnStatus.Completed,
                RequestHash = "hash",
                ReplyTo = replyTo,
                Reply = new Reply { Text = "said", Transport = "stream-json" },
                Timings = new TurnTimings { CreatedAt = TimeProvider.System.GetUtcNow() },
            },
            "say something",
            Cancellation);
        return turn;
    }

    private async Task SendAsync(TurnId turn) =>
        await _sender.SendAsync((await _turns.FindAsync(s_session, turn, Cancellation))!, Cancellation);

    private async Task<bool> IsPublishedAsync(TurnId turn) => (await _turns.FindAsync(s_session, turn, Cancellation))!.Value.Published;

    /// <summary>Takes nothing until it is opened.</summary>
    private sealed class SlowQueue : IReplyQueue
    {
        private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ConcurrentQueue<string> _received = new();
        private int _waiting;
        private int _mostWaiting;

        public IReadOnlyCollection<string> Received => _received;

        public int Waiting => Volatile.Read(ref _waiting);

        public int MostWaiting => Volatile.Read(ref _mostWaiting);

        public void Open() => _opened.SetResult();

        public async Task SendAsync(string queueName, ReplyMessage reply, CancellationToken cancellationToken)
        {
            var waiting = Interlocked.Increment(ref _waiting);
            if (waiting > Volatile.Read(ref _mostWaiting))
            {
                Volatile.Write(ref _mostWaiting, waiting);
            }

            await _opened.Task.WaitAsync(cancellationToken);
            _received.Enqueue(reply.TurnId!);
            Interlocked.Decrement(ref _waiting);
        }
    }
}
