using FunctionsBroker.Functions.Events;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Functions.Tests.Events;

public sealed class TurnNewsTests
{
    private static readonly SessionId s_session = SessionId.Parse("s");
    private static readonly TurnId s_turn = TurnId.Parse("t");

    private readonly TurnNews _news = new();

    [Fact]
    public void Announce_EveryListener_HearsEachOfThem()
    {
        using var one = _news.Subscribe(s_session, s_turn);
        using var other = _news.Subscribe(s_session, s_turn);
        var first = one.Next;

        _news.Announce(s_session, s_turn);
        var second = other.Next;

        Assert.True(first.IsCompletedSuccessfully);
        Assert.False(second.IsCompleted);
        _news.Announce(s_session, s_turn);
        Assert.True(second.IsCompletedSuccessfully);
    }

    [Fact]
    public void Announce_OtherTurnOrNobody_WakesNobody()
    {
        using var subscription = _news.Subscribe(s_session, s_turn);
        var next = subscription.Next;

        _news.Announce(s_session, TurnId.Parse("other"));
        _news.Announce(SessionId.Parse("other"), s_turn);

        Assert.False(next.IsCompleted);
    }

    [Fact]
    public void Dispose_Twice_LeavesTheOtherListener()
    {
        using var stays = _news.Subscribe(s_session, s_turn);
        var leaves = _news.Subscribe(s_session, s_turn);
        var next = stays.Next;
        leaves.Dispose();
        leaves.Dispose();

        _news.Announce(s_session, s_turn);

        Assert.True(next.IsCompletedSuccessfully);
    }
}
