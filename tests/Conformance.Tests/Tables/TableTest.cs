using Azure;
using Azure.Data.Tables;
using FunctionsBroker.Conformance.Tests.Running;

namespace FunctionsBroker.Conformance.Tests.Tables;

/// <summary>Cases with a table of their own.</summary>
public abstract class TableTest : ConformanceTest, IAsyncLifetime
{
    protected TableTest(ConformanceHost host)
        : base(host)
    {
        Service = new TableServiceClient(host.Storage);
        Table = Service.GetTableClient(NewName());
    }

    protected TableServiceClient Service { get; }

    protected TableClient Table { get; }

    public async ValueTask InitializeAsync() => await Table.CreateIfNotExistsAsync(Cancellation);

    public async ValueTask DisposeAsync()
    {
        await Table.DeleteAsync(CancellationToken.None);
        GC.SuppressFinalize(this);
    }

    protected static string NewName() => $"t{Guid.NewGuid():N}";

    protected async Task<TableEntity> ReadAsync(string rowKey) => await Table.GetEntityAsync<TableEntity>("p", rowKey, cancellationToken: Cancellation);

    protected async Task<TableEntity[]> QueryAsync(string? filter = null) =>
        [.. await Table.QueryAsync<TableEntity>(filter, cancellationToken: Cancellation).ToListAsync(Cancellation)];

    protected async Task<string[]> KeysAsync(string? filter) => [.. (await QueryAsync(filter)).Select(entity => entity.RowKey)];

    protected static async Task<(int Status, string? Code)> FailureOfAsync(Func<Task> action)
    {
        var failure = await Assert.ThrowsAnyAsync<RequestFailedException>(action);
        return (failure.Status, failure.ErrorCode);
    }
}
