using FunctionsBroker.Contracts.Usage;
using FunctionsBroker.SessionHost.Options;
using FunctionsBroker.SessionHost.Usage;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Fakes;
using Microsoft.Extensions.Logging.Abstractions;

namespace FunctionsBroker.SessionHost.Tests.Usage;

public sealed class UsageLedgerTests
{
    private static readonly UsageTotals s_turn = new() { Turns = 1, OutputTokens = 10, CostUsd = 0.5m };

    private readonly InMemoryUsageStore _store = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Add_ManyTurns_AreWrittenAsOneSum()
    {
        using var ledger = await StartAsync();
        for (var turn = 0; turn < 1000; turn++)
        {
            ledger.Add("default", s_turn);
        }

        await Eventually.BecomesTrueAsync(() => Task.FromResult(_store.Writes > 0), Cancellation);
        await ledger.StopAsync(Cancellation);

        Assert.Equal(1000, (await RowsAsync()).Single().Totals.Turns);
        Assert.InRange(_store.Writes, 1, 3);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Add_RightBeforeTheEnd_IsWritten()
    {
        using var ledger = await StartAsync();
        ledger.Add("default", s_turn);
        ledger.Add("coder", s_turn);

        await ledger.StopAsync(Cancellation);

        Assert.Equal(["coder", "default"], (await RowsAsync()).Select(row => row.Profile).Order());
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Write_StorageThatIsAway_LosesNothing()
    {
        var away = true;
        _store.OnSave = _ =>
        {
            if (away)
            {
                throw new IOException("away");
            }
        };
        using var ledger = await StartAsync();
        ledger.Add("default", s_turn);
        ledger.Add("default", s_turn);
        away = false;

        await ledger.StopAsync(Cancellation);

        Assert.Equal(2, (await RowsAsync()).Single().Totals.Turns);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Add_OfTwoRunsOfAHost_DoNotReplaceEachOther()
    {
        for (var run = 0; run < 2; run++)
        {
            using var ledger = await StartAsync();
            ledger.Add("default", s_turn);
            await ledger.StopAsync(Cancellation);
        }

        Assert.Equal(2, (await RowsAsync()).Sum(row => row.Totals.Turns));
    }

    private async Task<UsageLedger> StartAsync()
    {
        var ledger = new UsageLedger(_store, new SessionHostOptions { HostId = "host-1" }, TimeProvider.System, NullLogger<UsageLedger>.Instance);
        await ledger.StartAsync(Cancellation);
        return ledger;
    }

    private async Task<IReadOnlyList<UsageRecord>> RowsAsync() =>
        await _store.ListAsync(DateOnly.MinValue, DateOnly.MaxValue, Cancellation).ToListAsync(Cancellation);
}
