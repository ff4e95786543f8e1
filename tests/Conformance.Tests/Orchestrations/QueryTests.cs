using FunctionsBroker.Conformance.Tests.Running;

namespace FunctionsBroker.Conformance.Tests.Orchestrations;

public sealed class QueryTests(ConformanceHost host) : ConformanceTest(host)
{
    private const int Completed = 1;
    private const int Failed = 3;

    [Conformance(Sources.OrchestrationQuery + "#InstanceIdPrefix", "A query by prefix finds the instances whose ids begin so.")]
    public async Task Query_ByPrefix_FindsThose()
    {
        var prefix = NewId("prefix");
        await Task.WhenAll(Runs.RunAsync("Chain", 1, $"{prefix}-a"), Runs.RunAsync("Chain", 1, $"{prefix}-b"), Runs.RunAsync("Chain", 1));

        Assert.Equal([$"{prefix}-a", $"{prefix}-b"], await IdsAsync(new { instanceIdPrefix = prefix }));
    }

    [Conformance(Sources.OrchestrationQuery + "#Statuses", "A query by status finds the instances in one of the statuses.")]
    public async Task Query_ByStatus_FindsThose()
    {
        var prefix = NewId("status");
        await Task.WhenAll(Runs.RunAsync("Chain", 1, $"{prefix}-good"), Runs.RunAsync("ThrowInner", null, $"{prefix}-bad"));

        Assert.Equal([$"{prefix}-bad"], await IdsAsync(new { instanceIdPrefix = prefix, statuses = new[] { Failed } }));
        Assert.Equal(
            [$"{prefix}-bad", $"{prefix}-good"], await IdsAsync(new { instanceIdPrefix = prefix, statuses = new[] { Failed, Completed } }));
    }

    [Conformance(Sources.OrchestrationQuery + "#CreatedFrom", "A query by time finds the instances that were created in it.")]
    public async Task Query_ByCreation_FindsThose()
    {
        var prefix = NewId("time");
        var first = await Runs.RunAsync("Chain", 1, $"{prefix}-1");
        await Runs.RunAsync("Chain", 1, $"{prefix}-2");
        var between = first.CreatedAt.AddMilliseconds(2);

        Assert.Equal([$"{prefix}-2"], await IdsAsync(new { instanceIdPrefix = prefix, createdFrom = between }));
        Assert.Equal([$"{prefix}-1"], await IdsAsync(new { instanceIdPrefix = prefix, createdTo = between }));
    }

    [Conformance(Sources.OrchestrationQuery + "#PageSize", "Pages hold no more than the page size, and lead on until all were given once.")]
    public async Task Query_InPages_GivesAllOnce()
    {
        var prefix = NewId("page");
        await Task.WhenAll(Enumerable.Range(0, 5).Select(index => Runs.RunAsync("ReturnNull", null, $"{prefix}-{index}")));

        var pages = await Runs.ListAsync(new { instanceIdPrefix = prefix, pageSize = 2 });

        Assert.All(pages, page => Assert.True(page.Runs.Length <= 2));
        Assert.Equal(5, pages.SelectMany(page => page.Runs).Select(run => run.InstanceId).Distinct().Count());
        Assert.True(string.IsNullOrEmpty(pages[^1].ContinuationToken));
    }

    [Conformance(Sources.OrchestrationQuery + "#ContinuationToken", "A query goes on where a page's continuation token says.")]
    public async Task Query_FromAToken_GoesOnThere()
    {
        var prefix = NewId("token");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(index => Runs.RunAsync("ReturnNull", null, $"{prefix}-{index}")));
        var pages = await Runs.ListAsync(new { instanceIdPrefix = prefix, pageSize = 2 });

        var rest = await Runs.ListAsync(new { instanceIdPrefix = prefix, pageSize = 2, continuationToken = pages[0].ContinuationToken });

        Assert.Equal(
            pages.Skip(1).SelectMany(page => page.Runs).Select(run => run.InstanceId),
            rest.SelectMany(page => page.Runs).Select(run => run.InstanceId));
    }

    [Conformance(Sources.OrchestrationQuery + "#FetchInputsAndOutputs", "A query reads inputs and outputs only when asked to.")]
    public async Task Query_WithInputsAndOutputs_HasThem()
    {
        var id = NewId("fetch");
        await Runs.RunAsync("Chain", 3, id);

        var bare = Assert.Single((await Runs.ListAsync(new { instanceIdPrefix = id })).SelectMany(page => page.Runs));
        var full = Assert.Single((await Runs.ListAsync(new { instanceIdPrefix = id, fetchInputsAndOutputs = true })).SelectMany(page => page.Runs));

        Assert.Null(bare.Output);
        Assert.Equal(("3", "3"), (full.Input!.Value.GetRawText(), full.OutputText));
    }

    [Conformance(Sources.InstanceManagement + "#query-all-instances", "Entities are not among the orchestrations that a query finds.")]
    public async Task Query_ForAll_LeavesOutEntities()
    {
        await Entities.SignalAsync(NewId("entity"), "Add", 1);

        var runs = (await Runs.ListAsync(new { pageSize = 1000 })).SelectMany(page => page.Runs);

        Assert.DoesNotContain(runs, run => run.InstanceId.StartsWith('@'));
    }

    private async Task<string[]> IdsAsync(object query) =>
        [.. (await Runs.ListAsync(query)).SelectMany(page => page.Runs).Select(run => run.InstanceId).Order(StringComparer.Ordinal)];
}
