using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Orchestration;
using FunctionsBroker.Functions.Tests.Fast;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace FunctionsBroker.Functions.Tests.Turns;

public sealed class TurnPublisherTests : IAsyncDisposable
{
    private static readonly SessionId s_session = SessionId.Parse("s");
    private static readonly TurnId s_turn = TurnId.Parse("t");

    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryTurnStore _turns = new();
    private readonly FakeFront _front;

    public TurnPublisherTests()
    {
        _front = new FakeFront(_turns, new InMemoryHostStore(), new FakeMailbox(), new() { CallbackBaseUrl = new Uri("http://front.invalid/") }, lines: _time);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _front.DisposeAsync();

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public async Task Publish_AFrontIsOnTheLine_SendsTheReplyOnlyWhereThatOneDoesNot(bool otherSends, int sent)
    {
        await _turns.AddAsync(Answered() with { FollowedUntil = _time.GetUtcNow() + TimeSpan.FromSeconds(10) }, "prompt", Cancellation);

        var publishing = _front.Publisher.PublishAsync(new PublishReply(s_session, s_turn, null), Cancellation);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Empty(_front.Replies);
        if (otherSends)
        {
            var row = await _turns.FindAsync(s_session, s_turn, Cancellation);
            await _turns.UpdateAsync(row!, row!.Value with { Published = true }, Cancellation);
        }

        while (!publishing.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await publishing;
        Assert.Equal(sent, _front.Replies.Count);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task PublishHeard_Again_SendsTheReplyOnce()
    {
        await _turns.AddAsync(Answered(), "prompt", Cancellation);

        await _front.Publisher.PublishHeardAsync(Answered(), Cancellation);
        await _front.Publisher.PublishAsync(new PublishReply(s_session, s_turn, null), Cancellation);

        Assert.Equal("one", Assert.Single(_front.Replies).Text);
    }

    private TurnRecord Answered() => new()
    {
        SessionId = s_session,
        TurnId = s_turn,
        Status = TurnStatus.Completed,
        RequestHash = "hash",
        ReplyTo = "replies",
        Reply = new Reply { Text = "one", Transport = "stream-json" },
        Timings = new TurnTimings { CreatedAt = _time.GetUtcNow(), FinishedAt = _time.GetUtcNow() },
    };
}
