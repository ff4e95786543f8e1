using FunctionsBroker.SessionHost.Pool;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.SessionHost.Tests.Pool;

public sealed class ProcessSlotsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void TryTake_AllBusy_GivesNone()
    {
        using var slots = new ProcessSlots(1, TimeProvider.System);

        Assert.NotNull(slots.TryTake(() => { }));
        Assert.Null(slots.TryTake(() => { }));
        Assert.Equal(1, slots.Count);
    }

    [Fact]
    public async Task TryTake_OneIdle_AsksItToCloseOnceAndWaitsUntilItIsGone()
    {
        using var slots = new ProcessSlots(1, TimeProvider.System);
        var requests = 0;
        var old = slots.TryTake(() => requests++)!;
        await slots.EnterAsync(old, Cancellation);
        slots.SetIdle(old);

        var taken = slots.TryTake(() => { })!;
        var entering = slots.EnterAsync(taken, Cancellation);

        Assert.Null(slots.TryTake(() => { }));
        Assert.Equal(1, requests);
        Assert.False(slots.TryUse(old));
        Assert.False(entering.IsCompleted);
        slots.Release(old);
        await entering;
        Assert.Equal(1, slots.Count);
    }

    [Fact]
    public void TryUse_IdleSlot_KeepsItFromBeingClosed()
    {
        using var slots = new ProcessSlots(1, TimeProvider.System);
        var slot = slots.TryTake(() => { })!;
        slots.SetIdle(slot);

        Assert.True(slots.TryUse(slot));
        Assert.Null(slots.TryTake(() => { }));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task WaitAsync_ManyInLine_AreServedInTheirOrderBeforeWhoeverComes()
    {
        using var slots = new ProcessSlots(1, TimeProvider.System);
        var slot = slots.TryTake(() => { })!;
        using var leaving = new CancellationTokenSource();
        var first = slots.WaitAsync(() => { }, Cancellation);
        var second = slots.WaitAsync(() => { }, leaving.Token);
        var third = slots.WaitAsync(() => { }, Cancellation);
        Assert.Equal(3, slots.InLine);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        slots.SetIdle(slot);
        Assert.False(slots.TryUse(slot));
        Assert.Null(slots.TryTake(() => { }));
        Assert.Null(slots.TryTakeFree(() => { }));
        var taken = await first;
        Assert.False(third.IsCompleted);
        slots.Release(taken);

        Assert.NotSame(taken, await third);
        Assert.Equal((0, 1), (slots.InLine, slots.Count));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task WaitAsync_SlotIsFree_GivesItAtOnce()
    {
        using var slots = new ProcessSlots(1, TimeProvider.System);

        await slots.WaitAsync(() => { }, Cancellation);

        Assert.Equal((0, 1), (slots.InLine, slots.Count));
    }

    [Fact]
    public async Task Release_Twice_FreesOnePlace()
    {
        using var slots = new ProcessSlots(1, TimeProvider.System);
        var slot = slots.TryTake(() => { })!;
        await slots.EnterAsync(slot, Cancellation);

        slots.Release(slot);
        slots.Release(slot);

        await slots.EnterAsync(slots.TryTake(() => { })!, Cancellation);
        Assert.Equal(1, slots.Count);
    }
}
