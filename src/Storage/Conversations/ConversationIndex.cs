using Azure;
using Azure.Data.Tables;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.Storage.Tables;

namespace FunctionsBroker.Storage.Conversations;

/// <summary><see cref="IConversationIndex"/> over the table <c>Conversations</c>: a partition and a row for each.</summary>
internal sealed class ConversationIndex(BrokerTables tables) : IConversationIndex
{
    private const string Row = "c";

    private readonly TableClient _table = tables.Conversations;

    public async Task<KnownConversation?> FindAsync(string key, CancellationToken cancellationToken)
    {
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(key, Row, cancellationToken: cancellationToken);
        if (!found.HasValue || found.Value is not { } row)
        {
            return null;
        }

        SchemaVersions.Check(row);
        return new KnownConversation(
            SessionId.Parse(row.GetString(nameof(KnownConversation.SessionId))),
            TurnId.Parse(row.GetString(nameof(KnownConversation.TurnId))),
            row.GetString(nameof(KnownConversation.Instructions)),
            row.GetString(nameof(KnownConversation.Previous)));
    }

    public Task NoteAsync(string key, KnownConversation known, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(known);

        var row = new TableEntity(key, Row)
        {
            [nameof(KnownConversation.SessionId)] = known.SessionId.Value,
            [nameof(KnownConversation.TurnId)] = known.TurnId.Value,
            [nameof(KnownConversation.Instructions)] = known.Instructions,
        };
        if (known.Previous is { } previous)
        {
            row[nameof(KnownConversation.Previous)] = previous;
        }

        SchemaVersions.Write(row);
        return _table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
    }

    public Task RemoveAsync(string key, CancellationToken cancellationToken) =>
        _table.DeleteEntityAsync(key, Row, ETag.All, cancellationToken);

    public async Task RemoveBeforeAsync(DateTimeOffset notedBefore, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"Timestamp lt {notedBefore}");
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, select: [nameof(ITableEntity.PartitionKey)], cancellationToken: cancellationToken))
        {
            await RemoveAsync(row.PartitionKey, cancellationToken);
        }
    }
}
