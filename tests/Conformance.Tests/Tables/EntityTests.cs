using Azure;
using Azure.Data.Tables;
using FunctionsBroker.Conformance.Tests.Running;

namespace FunctionsBroker.Conformance.Tests.Tables;

public sealed class EntityTests(ConformanceHost host) : TableTest(host)
{
    [Conformance(Sources.InsertEntity, "An entity that is added is there, with an ETag and a time of the service.")]
    public async Task Add_Then_Get_GivesTheEntity()
    {
        var before = Now.AddSeconds(-5);
        var answer = await Table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1 }, Cancellation);

        var read = await ReadAsync("r");
        Assert.Equal((1, "p", "r"), (read.GetInt32("A"), read.PartitionKey, read.RowKey));
        Assert.Equal(answer.Headers.ETag, read.ETag);
        Assert.True(read.Timestamp > before);
    }

    [Conformance(Sources.TableErrors, "Adding an entity that exists is 409 EntityAlreadyExists.")]
    public async Task Add_Again_IsAConflict()
    {
        await Table.AddEntityAsync(new TableEntity("p", "r"), Cancellation);

        Assert.Equal((409, "EntityAlreadyExists"), await FailureOfAsync(() => Table.AddEntityAsync(new TableEntity("p", "r"), Cancellation)));
    }

    [Conformance(Sources.TableErrors, "Reading an entity that does not exist is 404 ResourceNotFound.")]
    public async Task Get_Nothing_IsNotFound() => Assert.Equal((404, "ResourceNotFound"), await FailureOfAsync(() => ReadAsync("none")));

    [Conformance(Sources.TableClientClass + "#GetEntityIfExistsAsync", "GetEntityIfExists answers without a value instead of throwing.")]
    public async Task GetIfExists_Nothing_HasNoValue()
    {
        var answer = await Table.GetEntityIfExistsAsync<TableEntity>("p", "none", cancellationToken: Cancellation);

        Assert.False(answer.HasValue);
        Assert.Equal(404, answer.GetRawResponse().Status);
    }

    [Conformance(Sources.TableErrors, "A table that does not exist is 404 TableNotFound.")]
    public async Task Add_ToNoTable_IsTableNotFound() => Assert.Equal(
        (404, "TableNotFound"),
        await FailureOfAsync(() => Service.GetTableClient(NewName()).AddEntityAsync(new TableEntity("p", "r"), Cancellation)));

    [Conformance(Sources.UpdateEntity, "Every write gives the entity another ETag.")]
    public async Task ETag_AfterAWrite_IsAnother()
    {
        await Table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1 }, Cancellation);
        var first = (await ReadAsync("r")).ETag;
        await Table.UpsertEntityAsync(new TableEntity("p", "r") { ["A"] = 2 }, TableUpdateMode.Replace, Cancellation);

        Assert.NotEqual(first, (await ReadAsync("r")).ETag);
    }

    [Conformance(Sources.UpdateEntity + "#request-headers", "An update with the entity's ETag goes, one with an older ETag is 412 UpdateConditionNotSatisfied.")]
    public async Task Update_WithAnOldETag_IsRefused()
    {
        await Table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1 }, Cancellation);
        var read = await ReadAsync("r");
        read["A"] = 2;
        await Table.UpdateEntityAsync(read, read.ETag, TableUpdateMode.Replace, Cancellation);
        read["A"] = 3;

        Assert.Equal(
            (412, "UpdateConditionNotSatisfied"),
            await FailureOfAsync(() => Table.UpdateEntityAsync(read, read.ETag, TableUpdateMode.Replace, Cancellation)));
        Assert.Equal(2, (await ReadAsync("r")).GetInt32("A"));
    }

    [Conformance(Sources.UpdateEntity + "#remarks", "An update with the ETag * needs the entity only to exist.")]
    public async Task Update_WithAnyETag_NeedsTheEntity()
    {
        await Table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1 }, Cancellation);
        await Table.UpdateEntityAsync(new TableEntity("p", "r") { ["A"] = 2 }, ETag.All, TableUpdateMode.Replace, Cancellation);

        Assert.Equal(2, (await ReadAsync("r")).GetInt32("A"));
        Assert.Equal(
            (404, "ResourceNotFound"),
            await FailureOfAsync(() => Table.UpdateEntityAsync(new TableEntity("p", "none"), ETag.All, TableUpdateMode.Replace, Cancellation)));
    }

    [Conformance(Sources.MergeEntity, "Merging keeps the properties that are not given.")]
    public async Task Merge_KeepsOtherProperties()
    {
        await Table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1, ["B"] = 1 }, Cancellation);
        await Table.UpdateEntityAsync(new TableEntity("p", "r") { ["A"] = 2 }, ETag.All, TableUpdateMode.Merge, Cancellation);

        var read = await ReadAsync("r");
        Assert.Equal((2, 1), (read.GetInt32("A"), read.GetInt32("B")));
    }

    [Conformance(Sources.UpdateEntity + "#remarks", "Replacing removes the properties that are not given.")]
    public async Task Replace_RemovesOtherProperties()
    {
        await Table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1, ["B"] = 1 }, Cancellation);
        await Table.UpdateEntityAsync(new TableEntity("p", "r") { ["A"] = 2 }, ETag.All, TableUpdateMode.Replace, Cancellation);

        Assert.False((await ReadAsync("r")).ContainsKey("B"));
    }

    [Conformance(Sources.InsertOrMerge, "Upserting adds what is not there and merges into what is.")]
    public async Task Upsert_Merging_AddsOrMerges()
    {
        await Table.UpsertEntityAsync(new TableEntity("p", "r") { ["A"] = 1 }, cancellationToken: Cancellation);
        await Table.UpsertEntityAsync(new TableEntity("p", "r") { ["B"] = 2 }, cancellationToken: Cancellation);

        var read = await ReadAsync("r");
        Assert.Equal((1, 2), (read.GetInt32("A"), read.GetInt32("B")));
    }

    [Conformance(Sources.InsertOrReplace, "Upserting by replacement leaves only what is given.")]
    public async Task Upsert_Replacing_AddsOrReplaces()
    {
        await Table.UpsertEntityAsync(new TableEntity("p", "r") { ["A"] = 1 }, TableUpdateMode.Replace, Cancellation);
        await Table.UpsertEntityAsync(new TableEntity("p", "r") { ["B"] = 2 }, TableUpdateMode.Replace, Cancellation);

        var read = await ReadAsync("r");
        Assert.False(read.ContainsKey("A"));
        Assert.Equal(2, read.GetInt32("B"));
    }

    [Conformance(Sources.DeleteEntity, "Deleting with an older ETag is 412; without an ETag it goes.")]
    public async Task Delete_WithAnOldETag_IsRefused()
    {
        await Table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1 }, Cancellation);
        var old = (await ReadAsync("r")).ETag;
        await Table.UpsertEntityAsync(new TableEntity("p", "r") { ["A"] = 2 }, TableUpdateMode.Replace, Cancellation);

        Assert.Equal((412, "UpdateConditionNotSatisfied"), await FailureOfAsync(() => Table.DeleteEntityAsync("p", "r", old, Cancellation)));
        await Table.DeleteEntityAsync("p", "r", cancellationToken: Cancellation);
        Assert.Empty(await QueryAsync());
    }

    [Conformance(Sources.TableClientClass + "#DeleteEntityAsync", "Deleting an entity that does not exist answers 404 and does not throw.")]
    public async Task Delete_Nothing_Answers404() =>
        Assert.Equal(404, (await Table.DeleteEntityAsync("p", "none", cancellationToken: Cancellation)).Status);

    [Conformance(Sources.QueryEntities + "#select", "Selecting properties leaves out the others.")]
    public async Task Get_WithASelection_ReadsOnlyThose()
    {
        await Table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1, ["B"] = 2 }, Cancellation);

        var read = (await Table.GetEntityAsync<TableEntity>("p", "r", select: ["B"], cancellationToken: Cancellation)).Value;

        Assert.False(read.ContainsKey("A"));
        Assert.Equal(2, read.GetInt32("B"));
    }
}
