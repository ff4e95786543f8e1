using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Keys;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.Storage.Tables;

namespace FunctionsBroker.Storage.Turns;

/// <summary><see cref="ITurnJournal"/>: a partition an hour in the table <c>Turns</c>, a row a session.</summary>
internal sealed class TurnJournal(BrokerTables tables) : ITurnJournal
{
    private static readonly string[] s_keys = [nameof(ITableEntity.PartitionKey), nameof(ITableEntity.RowKey)];

    private readonly TableClient _table = tables.Turns;
    private readonly Lock _lock = new();
    private readonly HashSet<SessionId> _noted = [];
    private DateTimeOffset _hour;

    /// <summary>Notes that a session has a new turn, where this instance has not done so within the hour.</summary>
    public async Task NoteAsync(SessionId session, DateTimeOffset createdAt, CancellationToken cancellationToken)
    {
        var hour = TurnActivity.HourOf(createdAt);
        if (!TryMark(session, hour))
        {
            return;
        }

        try
        {
            await _table.UpsertEntityAsync(Write(new TurnActivity(session, hour)), TableUpdateMode.Replace, cancellationToken);
        }
        catch
        {
            Unmark(session, hour);
            throw;
        }
    }

    public async IAsyncEnumerable<TurnActivity> ListAsync(
        DateTimeOffset? since,
        DateTimeOffset until,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var first = since is { } from ? StorageKeys.ActivityPartition(TurnActivity.HourOf(from)) : StorageKeys.ActivityPartitionsStart;
        var last = StorageKeys.ActivityPartition(TurnActivity.HourOf(until));
        var filter = TableClient.CreateQueryFilter($"PartitionKey ge {first} and PartitionKey le {last}");
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, select: s_keys, cancellationToken: cancellationToken))
        {
            yield return StorageKeys.ActivityOf(row.PartitionKey, row.RowKey);
        }
    }

    public Task RemoveAsync(TurnActivity activity, CancellationToken cancellationToken)
    {
        var row = Write(activity);
        return _table.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All, cancellationToken);
    }

    private static TableEntity Write(TurnActivity activity) =>
        new(StorageKeys.ActivityPartition(activity.Hour), StorageKeys.SessionRow(activity.SessionId));

    private bool TryMark(SessionId session, DateTimeOffset hour)
    {
        lock (_lock)
        {
            if (hour > _hour)
            {
                _noted.Clear();
                _hour = hour;
            }

            // One that comes late, for the hour before, is noted each time.
            return hour < _hour || _noted.Add(session);
        }
    }

    private void Unmark(SessionId session, DateTimeOffset hour)
    {
        lock (_lock)
        {
            if (hour == _hour)
            {
                _noted.Remove(session);
            }
        }
    }
}
