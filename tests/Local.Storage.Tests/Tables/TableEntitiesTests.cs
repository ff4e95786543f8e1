using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Storage;

namespace FunctionsBroker.Local.Storage.Tests.Tables;

/// <summary>
/// Writing and reading single entities. The codes are those of
/// https://learn.microsoft.com/rest/api/storageservices/table-service-error-codes
/// </summary>
[Trait("Category", "Emulator")]
public sealed class TableEntitiesTests(AzuriteFixture azurite) : TableTest(azurite)
{
    /// <summary>The answer that the real package and Azurite gave, order of keys included.</summary>
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Get_EntityOfManyTypes_HasKeysAndTypesOfTheRealPackage()
    {
        var entity = new TableEntity("p", "r") { ["A"] = 1, ["L"] = 5L, ["D"] = DateTimeOffset.UnixEpoch, ["S"] = "x" };
        await Table.UpsertEntityAsync(entity, TableUpdateMode.Replace, Cancel);

        var read = await ReadAsync("p", "r");

        Assert.Equal(
            ["odata.etag:String", "PartitionKey:String", "RowKey:String", "A:Int32", "L:Int64", "D:DateTimeOffset", "S:String", "Timestamp:DateTimeOffset"],
            read.Select(property => $"{property.Key}:{property.Value.GetType().Name}"));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Add_NewEntity_AnswersNoContentAndItsETag()
    {
        var response = await Table.AddEntityAsync(new TableEntity("p", "r"), Cancel);

        Assert.Equal(204, response.Status);
        Assert.Equal((await ReadAsync("p", "r")).ETag, response.Headers.ETag);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Add_ExistingEntity_IsConflict()
    {
        await Table.AddEntityAsync(new TableEntity("p", "r"), Cancel);

        Assert.Equal((409, "EntityAlreadyExists"), await FailureOfAsync(() => Table.AddEntityAsync(new TableEntity("p", "r"), Cancel)));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Failure_OfTheService_TellsStatusCodeAndMessage()
    {
        await Table.AddEntityAsync(new TableEntity("p", "r"), Cancel);

        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => Table.AddEntityAsync(new TableEntity("p", "r"), Cancel));

        Assert.StartsWith("The specified entity already exists.", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Status: 409 (Conflict)", failure.Message, StringComparison.Ordinal);
        Assert.Contains("ErrorCode: EntityAlreadyExists", failure.Message, StringComparison.Ordinal);
        Assert.True(failure.ErrorCode == TableErrorCode.EntityAlreadyExists);
        Assert.Equal(409, failure.GetRawResponse()?.Status);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Get_RawResponse_StaysReadable()
    {
        await Table.AddEntityAsync(new TableEntity("p", "r") { ["S"] = "text" }, Cancel);

        var response = (await Table.GetEntityAsync<TableEntity>("p", "r", cancellationToken: Cancel)).GetRawResponse();

        Assert.Equal(200, response.Status);
        Assert.Contains("\"S\":\"text\"", response.Content.ToString(), StringComparison.Ordinal);
        Assert.True(response.Headers.TryGetValue("x-ms-request-id", out _));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Get_NoSuchEntity_IsNotFound() =>
        Assert.Equal((404, "ResourceNotFound"), await FailureOfAsync(() => ReadAsync("p", "none")));

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Add_NoSuchTable_IsTableNotFound() =>
        Assert.Equal(
            (404, "TableNotFound"),
            await FailureOfAsync(() => Service.GetTableClient(AzuriteFixture.UniqueName()).AddEntityAsync(new TableEntity("p", "r"), Cancel)));

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task GetIfExists_NoSuchEntity_HasNoValue()
    {
        var answer = await Table.GetEntityIfExistsAsync<TableEntity>("p", "none", cancellationToken: Cancel);

        Assert.False(answer.HasValue);
        Assert.Equal(404, answer.GetRawResponse().Status);
        Assert.Throws<InvalidOperationException>(() => answer.Value);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task GetIfExists_Entity_HasIt()
    {
        await Table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1 }, Cancel);

        var answer = await Table.GetEntityIfExistsAsync<TableEntity>("p", "r", cancellationToken: Cancel);

        Assert.True(answer.HasValue);
        Assert.Equal(1, answer.Value?.GetInt32("A"));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Get_WithSelect_ReadsOnlyThose()
    {
        await Table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1, ["B"] = 2 }, Cancel);

        var read = (await Table.GetEntityAsync<TableEntity>("p", "r", select: ["A"], cancellationToken: Cancel)).Value;

        Assert.Equal(1, read.GetInt32("A"));
        Assert.False(read.ContainsKey("B"));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Upsert_Merge_KeepsOtherProperties()
    {
        await Table.UpsertEntityAsync(new TableEntity("p", "r") { ["A"] = 1, ["B"] = 2 }, TableUpdateMode.Merge, Cancel);
        await Table.UpsertEntityAsync(new TableEntity("p", "r") { ["A"] = 3 }, TableUpdateMode.Merge, Cancel);

        var read = await ReadAsync("p", "r");

        Assert.Equal((3, 2), (read.GetInt32("A"), read.GetInt32("B")));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Upsert_Replace_RemovesOtherProperties()
    {
        await Table.UpsertEntityAsync(new TableEntity("p", "r") { ["A"] = 1, ["B"] = 2 }, TableUpdateMode.Replace, Cancel);
        await Table.UpsertEntityAsync(new TableEntity("p", "r") { ["A"] = 3 }, TableUpdateMode.Replace, Cancel);

        var read = await ReadAsync("p", "r");

        Assert.Equal(3, read.GetInt32("A"));
        Assert.False(read.ContainsKey("B"));
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData(TableUpdateMode.Merge, 2)]
    [InlineData(TableUpdateMode.Replace, null)]
    public async Task Update_CurrentETag_WritesAndChangesTheETag(TableUpdateMode mode, int? other)
    {
        await Table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1, ["B"] = 2 }, Cancel);
        var before = (await ReadAsync("p", "r")).ETag;

        var response = await Table.UpdateEntityAsync(new TableEntity("p", "r") { ["A"] = 3 }, before, mode, Cancel);

        var read = await ReadAsync("p", "r");
        Assert.Equal((3, other), (read.GetInt32("A"), read.GetInt32("B")));
        Assert.Equal(read.ETag, response.Headers.ETag);
        Assert.NotEqual(before, read.ETag);
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData(TableUpdateMode.Merge)]
    [InlineData(TableUpdateMode.Replace)]
    public async Task Update_StaleETag_IsPreconditionFailed(TableUpdateMode mode)
    {
        await Table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1 }, Cancel);
        var stale = (await ReadAsync("p", "r")).ETag;
        await Table.UpdateEntityAsync(new TableEntity("p", "r") { ["A"] = 2 }, stale, mode, Cancel);

        var failure = await FailureOfAsync(() => Table.UpdateEntityAsync(new TableEntity("p", "r") { ["A"] = 3 }, stale, mode, Cancel));

        Assert.Equal((412, "UpdateConditionNotSatisfied"), failure);
        Assert.Equal(2, (await ReadAsync("p", "r")).GetInt32("A"));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Update_AnyETag_IsUnconditional()
    {
        await Table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1 }, Cancel);

        await Table.UpdateEntityAsync(new TableEntity("p", "r") { ["A"] = 2 }, ETag.All, TableUpdateMode.Replace, Cancel);

        Assert.Equal(2, (await ReadAsync("p", "r")).GetInt32("A"));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Update_NoSuchEntity_IsNotFound() =>
        Assert.Equal(
            (404, "ResourceNotFound"),
            await FailureOfAsync(() => Table.UpdateEntityAsync(new TableEntity("p", "none"), ETag.All, TableUpdateMode.Replace, Cancel)));

    [Fact]
    public async Task Update_NoETag_IsRefusedBeforeItIsSent() =>
        await Assert.ThrowsAsync<ArgumentException>(() => Table.UpdateEntityAsync(new TableEntity("p", "r"), default, TableUpdateMode.Merge, Cancel));

    [Fact]
    public async Task Add_WithoutKeys_IsRefusedBeforeItIsSent() =>
        await Assert.ThrowsAsync<ArgumentNullException>(() => Table.AddEntityAsync(new TableEntity(), Cancel));

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Delete_Entity_RemovesIt()
    {
        await Table.AddEntityAsync(new TableEntity("p", "r"), Cancel);

        var response = await Table.DeleteEntityAsync(new TableEntity("p", "r"), cancellationToken: Cancel);

        Assert.Equal(204, response.Status);
        Assert.False((await Table.GetEntityIfExistsAsync<TableEntity>("p", "r", cancellationToken: Cancel)).HasValue);
    }

    /// <summary>As the real package does: deleting what is not there is no failure.</summary>
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Delete_NoSuchEntity_AnswersNotFound() =>
        Assert.Equal(404, (await Table.DeleteEntityAsync("p", "none", cancellationToken: Cancel)).Status);

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Delete_StaleETag_IsPreconditionFailed()
    {
        await Table.AddEntityAsync(new TableEntity("p", "r"), Cancel);
        var stale = (await ReadAsync("p", "r")).ETag;
        await Table.UpsertEntityAsync(new TableEntity("p", "r") { ["A"] = 1 }, TableUpdateMode.Merge, Cancel);

        Assert.Equal((412, "UpdateConditionNotSatisfied"), await FailureOfAsync(() => Table.DeleteEntityAsync("p", "r", stale, Cancel)));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Write_EntityThatWasRead_GoesBackUnchanged()
    {
        await Table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1, ["L"] = 2L }, Cancel);
        var read = await ReadAsync("p", "r");

        read["A"] = 5;
        await Table.UpdateEntityAsync(read, read.ETag, TableUpdateMode.Replace, Cancel);

        var again = await ReadAsync("p", "r");
        Assert.Equal((5, 2L), (again.GetInt32("A"), again.GetInt64("L")));
        Assert.Equal(read.Keys, again.Keys);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Client_ManyCallsAtOnce_DoesThemAll()
    {
        await Task.WhenAll(Enumerable.Range(0, 200)
            .Select(number => Table.AddEntityAsync(new TableEntity($"p{number % 7}", $"{number}") { ["N"] = number }, Cancel)));

        var read = await Task.WhenAll(Enumerable.Range(0, 200).Select(number => ReadAsync($"p{number % 7}", $"{number}")));

        Assert.Equal(Enumerable.Range(0, 200), read.Select(entity => entity.GetInt32("N") ?? -1));
    }
}
