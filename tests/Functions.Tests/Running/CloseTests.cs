using FunctionsBroker.Functions.Mailbox;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Functions.Tests.Running;

public sealed class CloseTests(SharedFront running) : RunningFrontTest(running)
{
    private SessionId Id => SessionId.Parse(Session);

    [Fact(Timeout = Patience)]
    public async Task Close_BusySession_EndsEveryTurnAsCancelledAndTakesTurnsAgainAfterwards()
    {
        await using var front = await StartAsync();
        await front.AcceptAsync(Session, "t1", "hold");
        await front.AcceptAsync(Session, "t2", "hold");
        await front.AcceptAsync(Session, "t3", "hold");
        var before = await front.Host().HoldsAsync("t1");

        await SessionEntity.CloseAsync(front.Durable, Id, [], onlyIfExpired: false, Cancellation);
        await front.AcceptAsync(Session, "t4", "say four");

        Assert.Equal("four", (await front.EndedAsync(Session, "t4")).Reply?.Text);
        Assert.Equal(["t1"], front.Host().Cancelled);
        Assert.Equal(["t1", "t4"], front.Host().Received.Select(turn => turn.Request.TurnId));
        Assert.True(front.Host().Received[1].Request.Epoch > before.Request.Epoch);
    }

    [Fact(Timeout = Patience)]
    public async Task Close_ForExpiryOfASessionInUse_ChangesNothing()
    {
        await using var front = await StartAsync();
        await front.AcceptAsync(Session, "t1", "hold");
        await front.Host().HoldsAsync("t1");

        await SessionEntity.CloseAsync(front.Durable, Id, [], onlyIfExpired: true, Cancellation);
        await front.AcceptAsync(Session, "t2", "say two");
        await front.Host().CompleteAsync("t1", "one");

        Assert.Equal("one", (await front.EndedAsync(Session, "t1")).Reply?.Text);
        Assert.Equal("two", (await front.EndedAsync(Session, "t2")).Reply?.Text);
    }
}
