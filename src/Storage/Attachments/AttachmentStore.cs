using System.Text.Json;
using Azure.Data.Tables;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Sessions.Attachments;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Keys;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.Storage.Tables;
using FunctionsBroker.Storage.Turns;

namespace FunctionsBroker.Storage.Attachments;

/// <summary><see cref="IAttachmentStore"/> over the table <c>Turns</c>, in the partition of the turn's session.</summary>
/// <remarks>A set may have more than one transaction takes, so its rows are written one by one; the turn's row comes after all of them.</remarks>
internal sealed class AttachmentStore(BrokerTables tables, TurnJournal journal, TimeProvider time) : IAttachmentStore
{
    // Each request holds a row of two thirds of a megabyte.
    private const int RequestsAtOnce = 4;

    private readonly TableClient _table = tables.Turns;

    public async Task SaveAsync(SessionId session, TurnId turn, AttachmentSet attachments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(attachments);

        // Whoever removes what is old finds them so, even where no turn comes of it.
        await journal.NoteAsync(session, time.GetUtcNow(), cancellationToken);
        var text = JsonSerializer.Serialize(attachments.Attachments, ContractsJsonContext.Default.IReadOnlyListAttachment);
        var rows = LongText.Split(
            text,
            StorageKeys.TurnPartition(session),
            index => StorageKeys.TurnAttachmentRow(turn, attachments.Id, index));
        await Parallel.ForEachAsync(
            rows,
            Limit(cancellationToken),
            async (row, cancellation) => await _table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellation));
    }

    public async Task<AttachmentSet?> ReadAsync(SessionId session, TurnId turn, string setId, CancellationToken cancellationToken)
    {
        List<TableEntity> rows = [];
        await foreach (var row in _table.QueryAsync<TableEntity>(Filter(session, turn, setId), cancellationToken: cancellationToken))
        {
            rows.Add(row);
        }

        var set = rows.Count == 0 ? null : Parse(LongText.Join(rows));
        return set?.Id == setId ? set : null;
    }

    public async Task DeleteAsync(SessionId session, TurnId turn, string setId, CancellationToken cancellationToken)
    {
        var rows = _table.QueryAsync<TableEntity>(
            Filter(session, turn, setId),
            select: [nameof(TableEntity.PartitionKey), nameof(TableEntity.RowKey)],
            cancellationToken: cancellationToken);
        await Parallel.ForEachAsync(
            rows,
            Limit(cancellationToken),
            async (row, cancellation) => await _table.DeleteEntityAsync(row.PartitionKey, row.RowKey, cancellationToken: cancellation));
    }

    private static AttachmentSet? Parse(string text)
    {
        try
        {
            return AttachmentSet.Of(JsonSerializer.Deserialize(text, ContractsJsonContext.Default.IReadOnlyListAttachment));
        }
        catch (JsonException)
        {
            // A row is missing.
            return null;
        }
    }

    private static string Filter(SessionId session, TurnId turn, string setId)
    {
        var partition = StorageKeys.TurnPartition(session);
        var first = StorageKeys.TurnAttachmentRow(turn, setId, 0);
        var end = StorageKeys.TurnAttachmentRowEnd(turn, setId);
        return TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {first} and RowKey lt {end}");
    }

    private static ParallelOptions Limit(CancellationToken cancellationToken) =>
        new() { MaxDegreeOfParallelism = RequestsAtOnce, CancellationToken = cancellationToken };
}
