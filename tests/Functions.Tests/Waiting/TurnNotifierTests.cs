using FunctionsBroker.Functions.Waiting;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Functions.Tests.Waiting;

public sealed class TurnNotifierTests
{
    private static readonly SessionId s_session = SessionId.Parse("s");
    private static readonly TurnId s_turn = TurnId.Parse("t");

    private readonly TurnNotifier _notifier = new();

    [Fact]
    public void Announce_EverySubscriber_HearsEachOfThem()
    {
        using var one = _notifier.Subscribe(s_session, s_turn);
        using var other = _notifier.Subscribe(s_session, s_turn);
        var first = one.Next;

        _notifier.Announce(s_session, s_turn);
        var second = other.Next;

        Assert.True(first.IsCompletedSuccessfully);
        Assert.False(second.IsCompleted);
        _notifier.Announce(s_session, s_turn);
        Assert.True(second.IsCompletedSuccessfully);
    }

    [Fact]
    public void Announce_OtherTurn_IsNotHeard()
    {
        using var subscription = _notifier.Subscribe(s_session, s_turn);
        var next = subscription.Next;

        _notifier.Announce(s_session, TurnId.Parse("other"));
        _notifier.Announce(SessionId.Parse("other"), s_turn);

        Assert.False(next.IsCompleted);
    }

    [Fact]
    public void Dispose_Twice_LeavesTheOtherSubscriber()
    {
        using var stays = _notifier.Subscribe(s_session, s_turn);
        var leaves = _notifier.Subscribe(s_session, s_turn);
        var next = stays.Next;
        leaves.Dispose();
        leaves.Dispose();

        _notifier.Announce(s_session, s_turn);

        Assert.True(next.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task SubscribeAndDispose_ManyAtOnce_LoseNoAnnouncement()
    {
        var rounds = Enumerable.Range(0, 2_000).Select(_ => Task.Run(
            async () =>
            {
                using var subscription = _notifier.Subscribe(s_session, s_turn);
                var next = subscription.Next;
                _notifier.Announce(s_session, s_turn);
                await next;
            },
            TestContext.Current.CancellationToken));

        await Task.WhenAll(rounds).WaitAsync(TestContext.Current.CancellationToken);
    }
}
