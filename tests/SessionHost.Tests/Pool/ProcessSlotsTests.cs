using FunctionsBroker.SessionHost.Pool;

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
