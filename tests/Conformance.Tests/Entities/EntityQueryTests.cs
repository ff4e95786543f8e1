using FunctionsBroker.Conformance.Tests.Running;

namespace FunctionsBroker.Conformance.Tests.Entities;

public sealed class EntityQueryTests(ConformanceHost host) : ConformanceTest(host)
{
    [Conformance(Sources.EntityClient + "#GetEntityAsync", "An entity that does not exist is null.")]
    public async Task Get_Nobody_IsNull() => Assert.Null(await Entities.GetAsync("Tally", NewId("nobody")));

    [Conformance(Sources.EntityClient + "#GetEntityAsync", "The state is read only if it is asked for.")]
    public async Task Get_WithoutState_LeavesItOut()
    {
        var key = NewId();
        await Entities.CallAsync(key, "Add", 1);

        var bare = await Entities.GetAsync("Tally", key, bare: true);
        var full = await Entities.GetAsync("Tally", key);

        Assert.Equal((false, true), (bare!.IncludesState, full!.IncludesState));
    }

    [Conformance(Sources.EntityQuery + "#InstanceIdStartsWith", "A query by prefix takes the name in any case, with or without the first @.")]
    public async Task Query_ByPrefix_FindsThose()
    {
        var prefix = NewId("prefix");
        await Task.WhenAll(Entities.CallAsync($"{prefix}-1", "Add", 1), Entities.CallAsync($"{prefix}-2", "Add", 2));

        string[] expected = [$"@tally@{prefix}-1", $"@tally@{prefix}-2"];
        Assert.Equal(expected, await IdsAsync(new { instanceIdStartsWith = $"@tally@{prefix}" }));
        Assert.Equal(expected, await IdsAsync(new { instanceIdStartsWith = $"Tally@{prefix}" }));
    }

    [Conformance(Sources.EntityQuery + "#PageSize", "Pages hold no more entities than the page size, and give all once.")]
    public async Task Query_InPages_GivesAllOnce()
    {
        var prefix = NewId("page");
        await Task.WhenAll(Enumerable.Range(0, 5).Select(index => Entities.CallAsync($"{prefix}-{index}", "Add", 1)));

        var pages = await Entities.ListAsync(new { instanceIdStartsWith = $"@tally@{prefix}", pageSize = 2 });

        Assert.All(pages, page => Assert.True(page.Entities.Length <= 2));
        Assert.Equal(5, pages.SelectMany(page => page.Entities).Select(entity => entity.Id).Distinct().Count());
    }

    [Conformance(Sources.EntityQuery + "#IncludeState", "A query gives states unless it is told not to.")]
    public async Task Query_WithAndWithoutStates_HasThemOrNot()
    {
        var key = NewId("state");
        await Entities.CallAsync(key, "Add", 3);

        var full = Assert.Single((await Entities.ListAsync(new { instanceIdStartsWith = $"@tally@{key}" })).SelectMany(page => page.Entities));
        var bare = Assert.Single(
            (await Entities.ListAsync(new { instanceIdStartsWith = $"@tally@{key}", includeState = false })).SelectMany(page => page.Entities));

        Assert.Equal(3, full.State!.Value.GetProperty("value").GetInt32());
        Assert.False(bare.IncludesState);
    }

    [Conformance(Sources.EntityQuery + "#LastModifiedFrom", "A query by time finds the entities that were modified in it.")]
    public async Task Query_ByModification_FindsThose()
    {
        var prefix = NewId("time");
        await Entities.CallAsync($"{prefix}-1", "Add", 1);
        var between = (await Entities.GetAsync("Tally", $"{prefix}-1"))!.LastModifiedTime.AddMilliseconds(2);
        await Entities.CallAsync($"{prefix}-2", "Add", 1);

        Assert.Equal([$"@tally@{prefix}-2"], await IdsAsync(new { instanceIdStartsWith = $"@tally@{prefix}", lastModifiedFrom = between }));
        Assert.Equal([$"@tally@{prefix}-1"], await IdsAsync(new { instanceIdStartsWith = $"@tally@{prefix}", lastModifiedTo = between }));
    }

    [Conformance(Sources.EntityQuery + "#IncludeTransient", "Entities without a state are listed only if they are asked for.")]
    public async Task Query_AfterADelete_LeavesOutTheEntity()
    {
        var key = NewId("deleted");
        await Entities.CallAsync(key, "Add", 1);
        await Entities.CallAsync(key, "delete");

        Assert.Empty(await IdsAsync(new { instanceIdStartsWith = $"@tally@{key}" }));
    }

    [Conformance(Sources.EntityClient + "#CleanEntityStorageAsync", "Cleaning removes entities that have no state, and leaves those that have one.")]
    public async Task Clean_AfterADelete_RemovesOnlyEmptyOnes()
    {
        var (empty, kept) = (NewId("empty"), NewId("kept"));
        await Entities.CallAsync(empty, "Add", 1);
        await Entities.CallAsync(empty, "delete");
        await Entities.CallAsync(kept, "Add", 1);

        await Entities.CleanAsync();

        Assert.Empty(await IdsAsync(new { instanceIdStartsWith = $"@tally@{empty}", includeTransient = true }));
        Assert.Equal(1, (await Entities.StateAsync(kept))!.Value);
    }

    private async Task<string[]> IdsAsync(object query) =>
        [.. (await Entities.ListAsync(query)).SelectMany(page => page.Entities).Select(entity => entity.Id).Order(StringComparer.Ordinal)];
}
