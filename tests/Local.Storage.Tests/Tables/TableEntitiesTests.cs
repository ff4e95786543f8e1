using Azure;
using Azure.Data.Tables;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Storage;

namespace FunctionsBroker.Local.Storage.Tests.Tables;

/// <summary>Writing and reading single entities; the codes are those that the documents of the table service promise.</summary>
[Trait("Category", "Emulator")]
public sealed class TableEntitiesTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly TableClient _table = new TableServiceClient(azurite.ConnectionString).GetTableClient(AzuriteFixture.UniqueName());

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _table.CreateAsync(Cancel);

    public async ValueTask DisposeAsync() => await _table.DeleteAsync(CancellationToken.None);

    /// <summary>The answer that the real package and Azurite gave, key order included.</summary>
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Get_EntityOfManyTypes_HasKeysAndTypesOfTheRealPackage()
    {
        var entity = new TableEntity("p", "r") { ["A"] = 1, ["L"] = 5L, ["D"] = DateTimeOffset.UnixEpoch, ["S"] = "x" };
        await _table.UpsertEntityAsync(entity, TableUpdateMode.Replace, Cancel);

        var read = (await _table.GetEntityAsync<TableEntity>("p", "r", cancellationToken: Cancel)).Value;

        Assert.Equal(
            ["odata.etag:String", "PartitionKey:String", "RowKey:String", "A:Int32", "L:Int64", "D:DateTimeOffset", "S:String", "Timestamp:DateTimeOffset"],
            read.Select(property => $"{property.Key}:{property.Value.GetType().Name}"));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Update_StaleETag_IsPreconditionFailed()
    {
        await _table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1 }, Cancel);
        var first = (await _table.GetEntityAsync<TableEntity>("p", "r", cancellationToken: Cancel)).Value;
        await _table.UpdateEntityAsync(new TableEntity("p", "r") { ["A"] = 2 }, first.ETag, TableUpdateMode.Merge, Cancel);

        var failure = await Assert.ThrowsAsync<RequestFailedException>(
            () => _table.UpdateEntityAsync(new TableEntity("p", "r") { ["A"] = 3 }, first.ETag, TableUpdateMode.Merge, Cancel));

        Assert.Equal((412, "UpdateConditionNotSatisfied"), (failure.Status, failure.ErrorCode));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Submit_OneActionFails_NamesItsIndex()
    {
        await _table.AddEntityAsync(new TableEntity("p", "r"), Cancel);

        var failure = await Assert.ThrowsAsync<TableTransactionFailedException>(() => _table.SubmitTransactionAsync(
            [new(TableTransactionActionType.UpsertReplace, new TableEntity("p", "z")), new(TableTransactionActionType.Add, new TableEntity("p", "r"))],
            Cancel));

        Assert.Equal((409, "EntityAlreadyExists", 1), (failure.Status, failure.ErrorCode, failure.FailedTransactionActionIndex));
        TestContext.Current.TestOutputHelper?.WriteLine(failure.Message);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Queue_Smoke()
    {
        var q = new Azure.Storage.Queues.QueueServiceClient(azurite.ConnectionString).GetQueueClient(AzuriteFixture.UniqueName());
        await q.CreateIfNotExistsAsync(cancellationToken: Cancel);
        await q.SendMessageAsync("hé <&> \r\n x", Cancel);
        var m = (await q.ReceiveMessagesAsync(5, TimeSpan.FromSeconds(30), Cancel)).Value;
        Assert.Equal("hé <&> \r\n x", Assert.Single(m).MessageText);
        var u = (await q.UpdateMessageAsync(m[0].MessageId, m[0].PopReceipt, (string?)null, TimeSpan.FromSeconds(60), Cancel)).Value;
        await q.DeleteMessageAsync(m[0].MessageId, u.PopReceipt, Cancel);
        Assert.Equal(0, (await q.GetPropertiesAsync(Cancel)).Value.ApproximateMessagesCount);
    }
}
