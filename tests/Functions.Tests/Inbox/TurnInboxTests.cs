using System.Collections.Concurrent;
using System.Text.Json;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Queues;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Functions.Configuration;
using FunctionsBroker.Functions.Inbox;
using FunctionsBroker.Functions.Tests.Fast;
using FunctionsBroker.Functions.Turns;
using FunctionsBroker.Sessions.Admission;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Fakes;
using Microsoft.Extensions.Logging.Abstractions;

namespace FunctionsBroker.Functions.Tests.Inbox;

/// <summary>Messages of the queue <c>turns</c>, as the runtime hands them over: in the order of the queue, up to sixteen at once.</summary>
public sealed class TurnInboxTests : IAsyncDisposable
{
    private const int AtOnce = 16;

    private readonly InMemoryTurnStore _turns = new();
    private readonly FakeMailbox _mailbox = new();
    private readonly Queues _queues = new();
    private readonly FakeFront _front;
    private readonly TurnInbox _inbox;

    public TurnInboxTests()
    {
        var options = new BrokerOptions { CallbackBaseUrl = new Uri("http://127.0.0.1:1"), CallbackKey = "callback-key-0123456", HostKey = "host-key-0123456789", MaxOpenTurns = 100_000 };
        _front = new FakeFront(_turns, new InMemoryHostStore(), _mailbox, options);
        _inbox = new TurnInbox(
            new TurnRules(options.AllReplyQueues),
            _front.Intake,
            _turns,
            _queues,
            _queues,
            new StoragePatience(new HurriedTime(), NullLogger<StoragePatience>.Instance),
            TimeProvider.System,
            NullLogger<TurnInbox>.Instance);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _front.DisposeAsync();

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(50)]
    public async Task Receive_AnyInterleaving_KeepsEachSessionsOrder(int failingPercent)
    {
        for (var seed = 0; seed < 25; seed++)
        {
            var random = new Random(seed);
            var (failures, sync) = (new Random(seed), new Lock());
            _turns.OnAdd = _turns.OnFind = () =>
            {
                lock (sync)
                {
                    if (failures.Next(100) < failingPercent)
                    {
                        throw new Azure.RequestFailedException(503, "The tables are away.");
                    }
                }
            };
            string[] sessions = [$"a{seed}", $"b{seed}", $"c{seed}"];
            var sent = Enumerable.Range(0, 60).Select(number => (Session: sessions[random.Next(sessions.Length)], Turn: $"t{number}")).ToList();

            await ReceiveAsync(sent, random);

            _turns.OnAdd = _turns.OnFind = () => { };
            foreach (var session in sessions)
            {
                var kept = await _turns.ListAsync(SessionId.Parse(session), null, 100, Cancellation);
                Assert.Equal(sent.Where(message => message.Session == session).Select(message => message.Turn), kept.Reverse().Select(turn => turn.TurnId.Value));
            }
        }

        Assert.Empty(_queues.Poison);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Receive_TablesAreAwayForAnHour_TheMessageWaits()
    {
        var time = new HurriedTime();
        var patience = new StoragePatience(time, NullLogger<StoragePatience>.Instance);
        var failures = 0;

        var answer = await patience.RunAsync(
            () => time.Elapsed < TimeSpan.FromHours(1) && failures++ >= 0 ? throw new AggregateException(new Azure.RequestFailedException(0, "away")) : Task.FromResult("kept"),
            Cancellation);

        Assert.Equal("kept", answer);
        Assert.InRange(failures, 240, 260);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Receive_FailureThatDoesNotPass_IsLetOut()
    {
        _turns.OnFind = () => throw new InvalidOperationException("a fault of the program");
        _turns.OnAdd = _turns.OnFind;

        await Assert.ThrowsAsync<InvalidOperationException>(() => ReceiveAsync("s", "t"));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task SweepPoison_MessageWithoutAReason_GetsOneAndIsAnswered()
    {
        _queues.Unexplained.Enqueue(new UnexplainedMessage("m1", "r1", """{"turnId":"t1","sessionId":"s","prompt":"hi","metadata":7}"""));
        _queues.Unexplained.Enqueue(new UnexplainedMessage("m2", "r2", "no turn"));

        await _inbox.SweepPoisonAsync(Cancellation);

        var (queue, reply) = Assert.Single(_queues.Replies);
        Assert.Equal((QueueNames.Replies, "t1", ProblemCodes.MessageGivenUp, "7"), (queue, reply.TurnId, reply.Problem?.Code, reply.Metadata?.GetRawText()));
        Assert.Equal([("m1", ProblemCodes.MessageGivenUp), ("m2", ProblemCodes.MessageGivenUp)], _queues.Poison.Select(message => (message.MessageId, message.Problem.Code)));
        Assert.Equal(["m1", "m2"], _queues.Removed);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task SweepPoison_MessageWhoseTurnIsKept_IsNotAnsweredTwice()
    {
        await ReceiveAsync("s", "t1");
        _queues.Unexplained.Enqueue(new UnexplainedMessage("m1", "r1", """{"turnId":"t1","sessionId":"s","prompt":"hello"}"""));

        await _inbox.SweepPoisonAsync(Cancellation);

        Assert.Empty(_queues.Replies);
        Assert.Single(_queues.Poison);
    }

    private async Task ReceiveAsync(IReadOnlyList<(string Session, string Turn)> messages, Random random)
    {
        var running = new List<Task>();
        foreach (var (session, turn) in messages)
        {
            if (running.Count == AtOnce)
            {
                var ended = await Task.WhenAny(running);
                running.Remove(ended);
                await ended;
            }

            running.Add(ReceiveAsync(session, turn));
            if (random.Next(3) == 0)
            {
                await Task.Yield();
            }
        }

        await Task.WhenAll(running);
    }

    private Task ReceiveAsync(string session, string turn)
    {
        var message = new TurnMessage { SessionId = session, TurnId = turn, Prompt = "hello" };
        return _inbox.ReceiveAsync(turn, BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(message, ContractsJsonContext.Default.TurnMessage)), _mailbox, Cancellation);
    }

    private sealed class Queues : IReplyQueue, IPoisonQueue
    {
        public ConcurrentQueue<PoisonMessage> Poison { get; } = [];

        public ConcurrentQueue<(string Queue, ReplyMessage Reply)> Replies { get; } = [];

        public ConcurrentQueue<UnexplainedMessage> Unexplained { get; } = [];

        public ConcurrentQueue<string> Removed { get; } = [];

        public Task SendAsync(string queueName, ReplyMessage reply, CancellationToken cancellationToken)
        {
            Replies.Enqueue((queueName, reply));
            return Task.CompletedTask;
        }

        public Task<IReadOnlyList<UnexplainedMessage>> FindUnexplainedAsync(CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<UnexplainedMessage>>([.. Unexplained]);

        public Task RemoveAsync(UnexplainedMessage message, CancellationToken cancellationToken)
        {
            Removed.Enqueue(message.MessageId);
            return Task.CompletedTask;
        }

        public Task SendAsync(PoisonMessage message, CancellationToken cancellationToken)
        {
            Poison.Enqueue(message);
            return Task.CompletedTask;
        }
    }

    /// <summary>Whoever waits by it has waited at once.</summary>
    private sealed class HurriedTime : TimeProvider
    {
        private long _ticks;

        public TimeSpan Elapsed => TimeSpan.FromTicks(Interlocked.Read(ref _ticks));

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Read(ref _ticks);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Interlocked.Add(ref _ticks, Math.Max(0, dueTime.Ticks));
            return System.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? TimeSpan.FromTicks(1) : dueTime, period);
        }
    }
}
