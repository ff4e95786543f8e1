using FunctionsBroker.Functions.Waiting;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Functions.Tests.Waiting;

public sealed class TurnCompletionsTests
{
    private static readonly SessionId s_session = SessionId.Parse("s");
    private static readonly TurnId s_turn = TurnId.Parse("t");

    private readonly TurnCompletions _completions = new();

    [Fact]
    public async Task Announce_EveryListener_Hears()
    {
        using var one = _completions.Subscribe(s_session, s_turn);
        using var other = _completions.Subscribe(s_session, s_turn);

        _completions.Announce(s_session, s_turn);

        await Task.WhenAll(one.Announced, other.Announced).WaitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Announce_OtherTurn_IsNotHeard()
    {
        using var subscription = _completions.Subscribe(s_session, s_turn);

        _completions.Announce(s_session, TurnId.Parse("other"));
        _completions.Announce(SessionId.Parse("other"), s_turn);

        Assert.False(subscription.Announced.IsCompleted);
    }

    [Fact]
    public void Subscribe_AfterAllHaveLeft_HearsNothingOld()
    {
        var first = _completions.Subscribe(s_session, s_turn);
        _completions.Announce(s_session, s_turn);
        first.Dispose();
        first.Dispose();

        using var later = _completions.Subscribe(s_session, s_turn);

        Assert.False(later.Announced.IsCompleted);
    }

    [Fact]
    public async Task SubscribeAndDispose_ManyAtOnce_LoseNoAnnouncement()
    {
        var rounds = Enumerable.Range(0, 2_000).Select(_ => Task.Run(
            async () =>
            {
                using var subscription = _completions.Subscribe(s_session, s_turn);
                _completions.Announce(s_session, s_turn);
                await subscription.Announced;
            },
            TestContext.Current.CancellationToken));

        await Task.WhenAll(rounds).WaitAsync(TestContext.Current.CancellationToken);
    }
}
