using Azure.Data.Tables;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Storage;

namespace FunctionsBroker.Local.Storage.Tests.Tables;

[Trait("Category", "Emulator")]
public sealed class TableQueriesTests(AzuriteFixture azurite) : TableTest(azurite)
{
    private const int MoreThanOnePage = 1100;

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Query_MoreThanAPage_ReadsAllOnceInOrder()
    {
        await FillAsync("p", MoreThanOnePage);

        var pages = await Table.QueryAsync<TableEntity>(cancellationToken: Cancel).AsPages().ToListAsync(Cancel);

        Assert.Equal([1000, MoreThanOnePage - 1000], pages.Select(page => page.Values.Count));
        Assert.Equal(
            Enumerable.Range(0, MoreThanOnePage).Select(Key),
            pages.SelectMany(page => page.Values).Select(entity => entity.RowKey));
        Assert.Null(pages[^1].ContinuationToken);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Pages_FromAContinuationToken_GoOnWhereItWasGiven()
    {
        await FillAsync("it's p@1", 10);
        var query = Table.QueryAsync<TableEntity>(maxPerPage: 4, cancellationToken: Cancel);
        var first = await query.AsPages().FirstAsync(Cancel);

        var rest = await query.AsPages(first.ContinuationToken, pageSizeHint: 5).ToListAsync(Cancel);

        Assert.Equal(4, first.Values.Count);
        Assert.Equal([5, 1], rest.Select(page => page.Values.Count));
        Assert.Equal(Enumerable.Range(4, 6).Select(Key), rest.SelectMany(page => page.Values).Select(entity => entity.RowKey));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Query_NothingMeetsTheFilter_IsEmpty() =>
        Assert.Empty(await Table.QueryAsync<TableEntity>("PartitionKey eq 'none'", cancellationToken: Cancel).ToListAsync(Cancel));

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Query_ByInterpolatedFilter_FindsByKeyRange()
    {
        await FillAsync("p", 10);

        var found = await RowsAsync(TableClient.CreateQueryFilter($"PartitionKey eq {"p"} and RowKey ge {Key(3)} and RowKey lt {Key(6)}"));

        Assert.Equal([Key(3), Key(4), Key(5)], found);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Query_ByEachType_FindsTheEntity()
    {
        var id = Guid.NewGuid();
        var time = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        await Table.AddEntityAsync(
            new TableEntity("p", "r") { ["I"] = 5, ["L"] = 6L, ["D"] = 1.5, ["B"] = true, ["G"] = id, ["T"] = time, ["S"] = "o'clock" }, Cancel);
        await Table.AddEntityAsync(new TableEntity("p", "other"), Cancel);

        Assert.Equal(["r"], await RowsAsync(TableClient.CreateQueryFilter($"I gt {4}")));
        Assert.Equal(["r"], await RowsAsync(TableClient.CreateQueryFilter($"L eq {6L}")));
        Assert.Equal(["r"], await RowsAsync(TableClient.CreateQueryFilter($"D lt {1.6}")));
        Assert.Equal(["r"], await RowsAsync(TableClient.CreateQueryFilter($"B eq {true}")));
        Assert.Equal(["r"], await RowsAsync(TableClient.CreateQueryFilter($"G eq {id}")));
        Assert.Equal(["r"], await RowsAsync(TableClient.CreateQueryFilter($"T le {time}")));
        Assert.Equal(["r"], await RowsAsync(TableClient.CreateQueryFilter($"S eq {"o'clock"}")));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Query_ByCondition_FindsClassEntities()
    {
        var time = DateTimeOffset.UnixEpoch;
        await Table.AddEntityAsync(new Order { PartitionKey = "p", RowKey = "a", Count = 1, Flag = true, At = time, Renamed = "x" }, Cancel);
        await Table.AddEntityAsync(new Order { PartitionKey = "p", RowKey = "b", Count = 5, Flag = false, At = time.AddDays(1) }, Cancel);

        var byCount = await Table.QueryAsync<Order>(order => order.PartitionKey == "p" && order.Count > 3, cancellationToken: Cancel).ToListAsync(Cancel);
        var byFlag = await Table.QueryAsync<Order>(order => order.Flag, cancellationToken: Cancel).ToListAsync(Cancel);
        var byTime = await Table.QueryAsync<Order>(order => order.At <= time, cancellationToken: Cancel).ToListAsync(Cancel);
        var byName = await Table.QueryAsync<Order>(order => order.Renamed == "x", cancellationToken: Cancel).ToListAsync(Cancel);
        var all = await Table.QueryAsync<Order>(order => true, cancellationToken: Cancel).ToListAsync(Cancel);

        Assert.Equal(5, Assert.Single(byCount).Count);
        Assert.Equal("a", Assert.Single(byFlag).RowKey);
        Assert.Equal("a", Assert.Single(byTime).RowKey);
        Assert.Equal("a", Assert.Single(byName).RowKey);
        Assert.Equal(2, all.Count);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Query_WithSelect_ReadsOnlyThose()
    {
        await Table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1, ["B"] = 2 }, Cancel);

        var read = await Table.QueryAsync<TableEntity>(select: ["RowKey", "B"], cancellationToken: Cancel).SingleAsync(Cancel);

        Assert.Equal(("r", 2), (read.RowKey, read.GetInt32("B")));
        Assert.False(read.ContainsKey("A"));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Query_MalformedFilter_IsRefused() =>
        Assert.Equal(400, (await FailureOfAsync(() => RowsAsync("PartitionKey eq eq 'p'"))).Status);

    private static string Key(int number) => $"{number:D5}";

    private async Task<IReadOnlyList<string>> RowsAsync(string? filter) =>
        [.. (await Table.QueryAsync<TableEntity>(filter, cancellationToken: Cancel).ToListAsync(Cancel)).Select(entity => entity.RowKey)];

    private async Task FillAsync(string partition, int count)
    {
        foreach (var chunk in Enumerable.Range(0, count).Chunk(100))
        {
            await Table.SubmitTransactionAsync(
                chunk.Select(number => new TableTransactionAction(TableTransactionActionType.Add, new TableEntity(partition, Key(number)) { ["N"] = number })),
                Cancel);
        }
    }
}
