using FunctionsBroker.Functions.Mailbox;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Functions.Tests.Running;

public sealed class CloseTests : RunningFrontTest
{
    private static readonly SessionId s_session = SessionId.Parse("s");

    [Fact(Timeout = Patience)]
    public async Task Close_BusySession_EndsEveryTurnAsCancelledAndTakesTurnsAgainAfterwards()
    {
        await using var front = await RunningFront.StartAsync();
        await front.AcceptAsync("s", "t1", "hold");
        await front.AcceptAsync("s", "t2", "hold");
        await front.AcceptAsync("s", "t3", "hold");
        var before = await front.Host().HoldsAsync("t1");

        await SessionEntity.CloseAsync(front.Durable, s_session, onlyIfExpired: false, Cancellation);
        await front.AcceptAsync("s", "t4", "say four");

        Assert.Equal("four", (await front.EndedAsync("s", "t4")).Reply?.Text);
        Assert.Equal(["t1"], front.Host().Cancelled);
        Assert.Equal(["t1", "t4"], front.Host().Received.Select(turn => turn.Request.TurnId));
        Assert.True(front.Host().Received[1].Request.Epoch > before.Request.Epoch);
    }

    [Fact(Timeout = Patience)]
    public async Task Close_ForExpiryOfASessionInUse_ChangesNothing()
    {
        await using var front = await RunningFront.StartAsync();
        await front.AcceptAsync("s", "t1", "hold");
        await front.Host().HoldsAsync("t1");

        await SessionEntity.CloseAsync(front.Durable, s_session, onlyIfExpired: true, Cancellation);
        await front.AcceptAsync("s", "t2", "say two");
        await front.Host().CompleteAsync("t1", "one");

        Assert.Equal("one", (await front.EndedAsync("s", "t1")).Reply?.Text);
        Assert.Equal("two", (await front.EndedAsync("s", "t2")).Reply?.Text);
    }
}
