using FunctionsBroker.Contracts.Usage;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.TestKit.Storage;

namespace FunctionsBroker.Storage.Tests.Usage;

public sealed class UsageStoreTests(AzuriteFixture azurite) : StorageTest(azurite)
{
    private static readonly UsageTotals s_totals =
        new() { Turns = 1, InputTokens = 2, OutputTokens = 3, CacheReadTokens = 4, CacheWriteTokens = 5, CostUsd = 0.000006m };

    // Every test has days of its own: the table is shared.
    private readonly DateOnly _day = new DateOnly(2100, 1, 1).AddDays(Random.Shared.Next(100_000));

    private IUsageStore Store => Get<IUsageStore>();

    [Fact]
    public async Task Save_SameRowAgain_ReplacesIt()
    {
        var row = new UsageRecord(_day, "a/b#c? \\ü", "host~1") { Totals = s_totals };
        await Store.SaveAsync(row with { Totals = UsageTotals.None }, Cancellation);
        await Store.SaveAsync(row, Cancellation);

        Assert.Equal([row], await Store.ListAsync(_day, _day, Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task List_SomeDays_GivesTheirRowsOnly()
    {
        for (var offset = -1; offset <= 2; offset++)
        {
            await Store.SaveAsync(new UsageRecord(_day.AddDays(offset), "p", "w") { Totals = s_totals }, Cancellation);
        }

        var listed = await Store.ListAsync(_day, _day.AddDays(1), Cancellation).ToListAsync(Cancellation);

        Assert.Equal([_day, _day.AddDays(1)], listed.Select(row => row.Day));
    }
}
