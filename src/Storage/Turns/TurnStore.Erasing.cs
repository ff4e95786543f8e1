using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Keys;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Storage.Turns;

internal sealed partial class TurnStore
{
    private const int MostActions = 100;

    // What is written before its turn has that soon, or never.
    private static readonly TimeSpan s_onItsWay = TimeSpan.FromHours(1);

    public async IAsyncEnumerable<TurnRecord> ListOpenAsync(
        DateTimeOffset createdBefore,
        TimeSpan lookBack,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        HashSet<SessionId> looked = [];
        await foreach (var activity in journal.ListAsync(createdBefore - lookBack, createdBefore, cancellationToken))
        {
            if (!looked.Add(activity.SessionId))
            {
                continue;
            }

            var rows = _table.QueryAsync<TableEntity>(OpenTurnsOf(activity.SessionId), cancellationToken: cancellationToken);
            await foreach (var row in rows)
            {
                if (TurnRow.Read(row, longReplyText: null).Value is var turn && turn.Timings.CreatedAt < createdBefore)
                {
                    yield return turn;
                }
            }
        }
    }

    public async Task<bool> EraseEndedAsync(
        SessionId session,
        DateTimeOffset createdBefore,
        int limit,
        CancellationToken cancellationToken)
    {
        var partition = StorageKeys.TurnPartition(session);
        var start = StorageKeys.TurnTimeRowsBefore(createdBefore);
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {partition} and RowKey gt {start} and RowKey lt {StorageKeys.TurnTimeRowsEnd}");
        var erased = 0;
        await foreach (var listed in _table.QueryAsync<TableEntity>(filter, select: s_keys, cancellationToken: cancellationToken))
        {
            if (erased == limit)
            {
                return false;
            }

            var turn = StorageKeys.TurnListingOf(listed.RowKey).TurnId;
            if (await FindRowAsync(session, turn, cancellationToken) is { } row && TurnRow.ReadStatus(row).IsTerminal())
            {
                await EraseAsync(partition, turn, listed.RowKey, cancellationToken);
                erased++;
            }
        }

        await EraseOrphansAsync(session, createdBefore - s_onItsWay, cancellationToken);
        return true;
    }

    /// <summary>Removes what was written for turns that never came to be.</summary>
    private async Task EraseOrphansAsync(SessionId session, DateTimeOffset writtenBefore, CancellationToken cancellationToken)
    {
        var partition = StorageKeys.TurnPartition(session);
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {partition} and RowKey gt {StorageKeys.PiecesStart} and RowKey lt {StorageKeys.PiecesEnd} and Timestamp lt {writtenBefore}");
        var turns = await _table.QueryAsync<TableEntity>(filter, select: s_keys, cancellationToken: cancellationToken)
            .Select(row => StorageKeys.TurnOfPiece(row.RowKey))
            .Distinct()
            .ToListAsync(cancellationToken);
        foreach (var turn in turns)
        {
            if (await FindRowAsync(session, turn, cancellationToken) is null)
            {
                await ErasePiecesAsync(partition, turn, [], cancellationToken);
            }
        }
    }

    private static string OpenTurnsOf(SessionId session)
    {
        var partition = StorageKeys.TurnPartition(session);
        var (first, end) = (StorageKeys.TurnRowsStart, StorageKeys.TurnRowsEnd);
        var (queued, running) = (TurnStatus.Queued.ToString(), TurnStatus.Running.ToString());
        return TableClient.CreateQueryFilter(
            $"PartitionKey eq {partition} and RowKey gt {first} and RowKey lt {end} and (Status eq {queued} or Status eq {running} or (Published eq false and ReplyTo ne ''))");
    }

    // The turn's own row and the one that lists it go last, so that what is left of a turn is found again.
    private Task EraseAsync(string partition, TurnId turn, string listedRow, CancellationToken cancellationToken) =>
        ErasePiecesAsync(partition, turn, [StorageKeys.TurnRow(turn), listedRow], cancellationToken);

    /// <param name="last">The rows that go after the pieces.</param>
    private async Task ErasePiecesAsync(string partition, TurnId turn, IReadOnlyList<string> last, CancellationToken cancellationToken)
    {
        var (first, end) = (StorageKeys.TurnPiecesStart(turn), StorageKeys.TurnPiecesEnd(turn));
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey gt {first} and RowKey lt {end}");
        var pieces = await _table.QueryAsync<TableEntity>(filter, select: s_keys, cancellationToken: cancellationToken)
            .Select(row => row.RowKey)
            .ToListAsync(cancellationToken);
        foreach (var some in pieces.Concat(last).Chunk(MostActions))
        {
            await _table.SubmitTransactionAsync(
                some.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity(partition, row), ETag.All)),
                cancellationToken);
        }
    }
}
