using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.OpenAi;
using FunctionsBroker.Functions.Tests.Events;
using FunctionsBroker.Functions.Tests.Fast;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Fakes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace FunctionsBroker.Functions.Tests.OpenAi;

public sealed class ChatPresenceTests : IDisposable
{
    private readonly InMemoryTurnStore _turns = new();
    private readonly FakeMailbox _mailbox = new();
    private readonly FakeTimeProvider _time = new(TurnRows.Began);
    private readonly Lifetime _lifetime = new();
    private readonly ChatPresence _presence;

    public ChatPresenceTests() => _presence = new ChatPresence(_turns, _lifetime, _time, NullLogger<ChatPresence>.Instance);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _lifetime.Dispose();

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Leave_LastCaller_CancelsTheTurnAfterAWhile()
    {
        var turn = await AddAsync();
        var (one, other) = (Attend(turn), Attend(turn));

        one.Dispose();
        _time.Advance(ChatPresence.Patience);
        Assert.Empty(_mailbox.Cancelled);
        other.Dispose();
        other.Dispose();
        _time.Advance(ChatPresence.Patience);

        await Eventually.BecomesTrueAsync(() => _mailbox.Cancelled.Contains(turn.TurnId), Cancellation);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Leave_AnotherOneComesMeanwhile_TheTurnGoesOn()
    {
        var turn = await AddAsync();
        Attend(turn).Dispose();
        using var again = Attend(turn);
        again.Answered();

        _time.Advance(ChatPresence.Patience);

        await NothingIsCancelledAsync();
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Leave_AnotherOneComesToAnotherInstance_TheTurnGoesOn()
    {
        var turn = await AddAsync();
        Attend(turn).Dispose();
        _time.Advance(TimeSpan.FromSeconds(1));
        var row = await _turns.FindAsync(turn.SessionId, turn.TurnId, Cancellation);
        await _turns.UpdateAsync(row!, row!.Value with { JoinedAt = _time.GetUtcNow() }, Cancellation);

        _time.Advance(ChatPresence.Patience);

        await NothingIsCancelledAsync();
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Leave_AnsweredOrStopping_NothingIsCancelled(bool isAnswered)
    {
        var attendance = Attend(await AddAsync());
        if (isAnswered)
        {
            attendance.Answered();
        }
        else
        {
            _lifetime.StopApplication();
        }

        attendance.Dispose();
        _time.Advance(ChatPresence.Patience);

        await NothingIsCancelledAsync();
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Leave_TurnHasEndedMeanwhile_NothingIsCancelled()
    {
        var turn = await AddAsync();
        Attend(turn).Dispose();
        var row = await _turns.FindAsync(turn.SessionId, turn.TurnId, Cancellation);
        await _turns.UpdateAsync(row!, row!.Value.End(TurnStatus.Failed, ProblemCatalogue.Interrupted()), Cancellation);

        _time.Advance(ChatPresence.Patience);

        await NothingIsCancelledAsync();
    }

    private ChatPresence.Attendance Attend(TurnRecord turn) => _presence.Attend(turn, _mailbox);

    private async Task<TurnRecord> AddAsync()
    {
        var turn = TurnRows.Queued();
        await _turns.AddAsync(turn, "hello", Cancellation);
        return turn;
    }

    // Another turn, of which the caller leaves at once, shows that the one before has been looked at.
    private async Task NothingIsCancelledAsync()
    {
        using var running = new Lifetime();
        var presence = new ChatPresence(_turns, running, _time, NullLogger<ChatPresence>.Instance);
        var marker = TurnRows.Queued() with { TurnId = TurnId.Parse("marker") };
        await _turns.AddAsync(marker, "hello", Cancellation);
        var attendance = presence.Attend(marker, _mailbox);
        attendance.Patience = TimeSpan.Zero;
        attendance.Dispose();
        await Eventually.BecomesTrueAsync(() => _mailbox.Cancelled.Count > 0, Cancellation);
        Assert.Equal([marker.TurnId], _mailbox.Cancelled);
    }

    private sealed class Lifetime : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource _stopping = new();

        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => _stopping.Token;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => _stopping.Cancel();

        public void Dispose() => _stopping.Dispose();
    }
}
