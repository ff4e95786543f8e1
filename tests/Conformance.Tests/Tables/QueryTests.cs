using Azure;
using Azure.Data.Tables;
using FunctionsBroker.Conformance.Tests.Running;

namespace FunctionsBroker.Conformance.Tests.Tables;

public sealed class QueryTests(ConformanceHost host) : TableTest(host)
{
    private static readonly DateTimeOffset s_time = new(2031, 2, 3, 4, 5, 6, TimeSpan.Zero);

    [Conformance(Sources.QueryEntities, "Without a filter a query gives all entities, by partition key, then row key, ordinally.")]
    public async Task Query_ForAll_GivesThemInOrder()
    {
        foreach (var (partition, row) in ((string, string)[])[("b", "1"), ("a", "2"), ("a", "10"), ("B", "1")])
        {
            await Table.AddEntityAsync(new TableEntity(partition, row), Cancellation);
        }

        Assert.Equal(["B 1", "a 10", "a 2", "b 1"], (await QueryAsync()).Select(entity => $"{entity.PartitionKey} {entity.RowKey}"));
    }

    [Conformance(Sources.Querying + "#supported-comparison-operators", "Filters compare by eq, ne, gt, ge, lt and le.")]
    public async Task Filter_OfEveryComparison_Holds()
    {
        await AddNumbersAsync(3);

        Assert.Equal(["1"], await KeysAsync("N eq 1"));
        Assert.Equal(["0", "2"], await KeysAsync("N ne 1"));
        Assert.Equal(["2"], await KeysAsync("N gt 1"));
        Assert.Equal(["1", "2"], await KeysAsync("N ge 1"));
        Assert.Equal(["0"], await KeysAsync("N lt 1"));
        Assert.Equal(["0", "1"], await KeysAsync("N le 1"));
    }

    [Conformance(Sources.Querying + "#supported-boolean-operators", "Filters combine by and, or, not and parentheses.")]
    public async Task Filter_OfSeveralConditions_Combines()
    {
        await AddNumbersAsync(4);

        Assert.Equal(["1", "2"], await KeysAsync("N gt 0 and N lt 3"));
        Assert.Equal(["0", "3"], await KeysAsync("N eq 0 or N eq 3"));
        Assert.Equal(["0", "1", "3"], await KeysAsync("not (N eq 2)"));
        Assert.Equal(["1", "3"], await KeysAsync("(N eq 1 or N eq 2 or N eq 3) and N ne 2"));
    }

    [Conformance(Sources.Querying + "#constructing-filter-strings", "Filters know every type of property.")]
    public async Task Filter_OfEveryType_Holds()
    {
        var id = Guid.NewGuid();
        await Table.AddEntityAsync(
            new TableEntity("p", "r") { ["L"] = 5_000_000_000, ["D"] = 1.5, ["B"] = true, ["T"] = s_time, ["G"] = id, ["X"] = new byte[] { 1, 2 } }, Cancellation);
        await Table.AddEntityAsync(
            new TableEntity("p", "s") { ["L"] = 1L, ["D"] = 2.5, ["B"] = false, ["T"] = s_time.AddDays(1), ["G"] = Guid.NewGuid(), ["X"] = new byte[] { 3 } }, Cancellation);

        Assert.Equal(["r"], await KeysAsync("L eq 5000000000L"));
        Assert.Equal(["r"], await KeysAsync("D lt 2.0"));
        Assert.Equal(["r"], await KeysAsync("B eq true"));
        Assert.Equal(["r"], await KeysAsync("T eq datetime'2031-02-03T04:05:06Z'"));
        Assert.Equal(["r"], await KeysAsync($"G eq guid'{id}'"));
        Assert.Equal(["r"], await KeysAsync("X eq X'0102'"));
    }

    [Conformance(Sources.TableClientClass + "#CreateQueryFilter", "CreateQueryFilter writes each interpolated value in its type, with quotes doubled.")]
    public void Filter_Created_WritesEveryType()
    {
        var id = Guid.Parse("0c9a1f52-6c5a-4b0e-9e5e-4a5b3f3d2e1c");

        Assert.Equal("Name eq 'it''s' and N gt 3", TableClient.CreateQueryFilter($"Name eq {"it's"} and N gt {3}"));
        Assert.Equal("L eq 5L and B eq true", TableClient.CreateQueryFilter($"L eq {5L} and B eq {true}"));
        Assert.Equal("G eq guid'0c9a1f52-6c5a-4b0e-9e5e-4a5b3f3d2e1c'", TableClient.CreateQueryFilter($"G eq {id}"));
        Assert.StartsWith("T ge datetime'2031-02-03T04:05:06", TableClient.CreateQueryFilter($"T ge {s_time}"), StringComparison.Ordinal);
    }

    [Conformance(Sources.TableClientClass + "#CreateQueryFilter", "A filter that is created finds what it says.")]
    public async Task Filter_Created_IsUnderstood()
    {
        await Table.AddEntityAsync(new TableEntity("p", "it's") { ["T"] = s_time, ["X"] = new byte[] { 9 } }, Cancellation);
        await Table.AddEntityAsync(new TableEntity("p", "other") { ["T"] = s_time.AddDays(-1), ["X"] = new byte[] { 8 } }, Cancellation);

        Assert.Equal(["it's"], await KeysAsync(TableClient.CreateQueryFilter($"RowKey eq {"it's"}")));
        Assert.Equal(["it's"], await KeysAsync(TableClient.CreateQueryFilter($"T ge {s_time}")));
        Assert.Equal(["it's"], await KeysAsync(TableClient.CreateQueryFilter($"X eq {new byte[] { 9 }}")));
    }

    [Conformance(Sources.TableReadme + "#query-table-entities", "A filter may be an expression over a class.")]
    public async Task Filter_OfAnExpression_IsTranslated()
    {
        await AddNumbersAsync(4);
        var least = 2;

        var found = await Table.QueryAsync<Numbered>(entity => entity.PartitionKey == "p" && entity.N >= least && entity.N != 3, cancellationToken: Cancellation)
            .ToListAsync(Cancellation);

        Assert.Equal(2, Assert.Single(found).N);
    }

    [Conformance(Sources.TableClientClass + "#QueryAsync", "An expression over a TableEntity may use its getters.")]
    public async Task Filter_OfAnExpressionOverAnEntity_IsTranslated()
    {
        await AddNumbersAsync(3);

        var found = await Table.QueryAsync<TableEntity>(entity => entity.GetInt32("N") > 0 && entity.RowKey != "2", cancellationToken: Cancellation)
            .ToListAsync(Cancellation);

        Assert.Equal("1", Assert.Single(found).RowKey);
    }

    [Conformance(Sources.Paging, "A page holds no more than asked for, and its continuation token leads to the next.")]
    public async Task Pages_OfAQuery_FollowEachOther()
    {
        await AddNumbersAsync(5);
        var query = Table.QueryAsync<TableEntity>(maxPerPage: 2, cancellationToken: Cancellation);

        var pages = await query.AsPages().ToListAsync(Cancellation);
        var rest = await query.AsPages(pages[0].ContinuationToken).ToListAsync(Cancellation);

        Assert.Equal([2, 2, 1], pages.Select(page => page.Values.Count));
        Assert.Null(pages[^1].ContinuationToken);
        Assert.Equal(["2", "3", "4"], rest.SelectMany(page => page.Values).Select(entity => entity.RowKey));
    }

    [Conformance(Sources.Paging, "A query of more than a thousand entities gives them all, over several pages.")]
    public async Task Query_OfMoreThanAThousand_GivesAll()
    {
        for (var batch = 0; batch < 11; batch++)
        {
            await Table.SubmitTransactionAsync(
                Enumerable.Range(batch * 100, 100).Select(number => new TableTransactionAction(TableTransactionActionType.Add, new TableEntity("p", $"{number:d4}"))),
                Cancellation);
        }

        var pages = await Table.QueryAsync<TableEntity>(cancellationToken: Cancellation).AsPages().ToListAsync(Cancellation);

        Assert.True(pages.Count >= 2);
        Assert.Equal(1100, pages.Sum(page => page.Values.Count));
    }

    [Conformance(Sources.QueryEntities + "#select", "A query may select properties; those that an entity lacks are left out.")]
    public async Task Query_WithASelection_ReadsOnlyThose()
    {
        await Table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1, ["B"] = 2 }, Cancellation);

        var read = Assert.Single(await Table.QueryAsync<TableEntity>(select: ["RowKey", "B", "C"], cancellationToken: Cancellation).ToListAsync(Cancellation));

        Assert.Equal(("r", 2), (read.RowKey, read.GetInt32("B")));
        Assert.False(read.ContainsKey("A"));
    }

    [Conformance(Sources.TableErrors, "A filter that cannot be read is 400.")]
    public async Task Filter_Malformed_IsRefused() => Assert.Equal(400, (await FailureOfAsync(() => QueryAsync("N is 3"))).Status);

    private async Task AddNumbersAsync(int count)
    {
        for (var number = 0; number < count; number++)
        {
            await Table.AddEntityAsync(new TableEntity("p", $"{number}") { ["N"] = number }, Cancellation);
        }
    }

    private sealed class Numbered : ITableEntity
    {
        public string PartitionKey { get; set; } = string.Empty;

        public string RowKey { get; set; } = string.Empty;

        public DateTimeOffset? Timestamp { get; set; }

        public ETag ETag { get; set; }

        public int N { get; set; }
    }
}
