using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using FunctionsBroker.Sessions.Keys;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.Storage.Tables;

namespace FunctionsBroker.Storage.Sessions;

/// <summary><see cref="ISessionSchedule"/>: rows behind those of the sessions, in their partitions, in the order of time.</summary>
internal sealed class SessionSchedule(BrokerTables tables) : ISessionSchedule
{
    private static readonly string[] s_keys = [nameof(ITableEntity.PartitionKey), nameof(ITableEntity.RowKey)];

    private readonly TableClient _table = tables.Sessions;

    /// <summary>The row that notes when a session is to be looked at.</summary>
    public static TableEntity Write(SessionDue due) =>
        new(StorageKeys.SessionPartition(due.SessionId), StorageKeys.SessionDueRow(due.SessionId, due.At));

    public async IAsyncEnumerable<SessionDue> ListDueAsync(DateTimeOffset now, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var end = StorageKeys.SessionDueRowsEnd(now);
        foreach (var partition in StorageKeys.SessionPartitions)
        {
            var filter = TableClient.CreateQueryFilter(
                $"PartitionKey eq {partition} and RowKey ge {StorageKeys.SessionDueRowsStart} and RowKey lt {end}");
            await foreach (var row in _table.QueryAsync<TableEntity>(filter, select: s_keys, cancellationToken: cancellationToken))
            {
                yield return StorageKeys.SessionDueOf(row.RowKey);
            }
        }
    }

    // The new note comes first: two notes do no harm, none would.
    public async Task MoveAsync(SessionDue due, DateTimeOffset at, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(due);

        await _table.UpsertEntityAsync(Write(due with { At = at }), TableUpdateMode.Replace, cancellationToken);
        if (at != due.At)
        {
            await RemoveAsync(due, cancellationToken);
        }
    }

    public Task RemoveAsync(SessionDue due, CancellationToken cancellationToken)
    {
        var row = Write(due);
        return _table.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All, cancellationToken);
    }
}
