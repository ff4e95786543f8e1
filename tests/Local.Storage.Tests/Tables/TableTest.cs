using Azure;
using Azure.Data.Tables;
using FunctionsBroker.TestKit.Storage;

namespace FunctionsBroker.Local.Storage.Tests.Tables;

/// <summary>Tests with a table of their own.</summary>
public abstract class TableTest : IAsyncLifetime
{
    protected TableTest(AzuriteFixture azurite)
    {
        Service = new TableServiceClient(azurite.ConnectionString);
        Table = Service.GetTableClient(AzuriteFixture.UniqueName());
    }

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected TableServiceClient Service { get; }

    protected TableClient Table { get; }

    public virtual async ValueTask InitializeAsync() => await Table.CreateAsync(Cancel);

    public virtual async ValueTask DisposeAsync()
    {
        await Table.DeleteAsync(CancellationToken.None);
        GC.SuppressFinalize(this);
    }

    protected async Task<TableEntity> ReadAsync(string partitionKey, string rowKey) =>
        await Table.GetEntityAsync<TableEntity>(partitionKey, rowKey, cancellationToken: Cancel);

    protected static async Task<(int Status, string? Code)> FailureOfAsync(Func<Task> action)
    {
        var failure = await Assert.ThrowsAnyAsync<RequestFailedException>(action);
        return (failure.Status, failure.ErrorCode);
    }
}
