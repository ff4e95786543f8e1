using Azure.Data.Tables;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Keys;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Storage.Turns;

internal sealed partial class TurnStore
{
    private static readonly string[] s_keys = [nameof(ITableEntity.PartitionKey), nameof(ITableEntity.RowKey)];

    public async Task<IReadOnlyList<TurnListing>> ListAsync(
        SessionId session,
        TurnListing? before,
        int limit,
        CancellationToken cancellationToken)
    {
        var partition = StorageKeys.TurnPartition(session);
        var start = before is null ? StorageKeys.TurnTimeRowsStart : StorageKeys.TurnTimeRow(before.TurnId, before.CreatedAt);
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {partition} and RowKey gt {start} and RowKey lt {StorageKeys.TurnTimeRowsEnd}");
        var rows = _table.QueryAsync<TableEntity>(filter, limit, s_keys, cancellationToken);
        return await rows.Take(limit).Select(row => StorageKeys.TurnListingOf(row.RowKey)).ToListAsync(cancellationToken);
    }
}
