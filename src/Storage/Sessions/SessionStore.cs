using Azure;
using Azure.Data.Tables;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Keys;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.Storage.Tables;

namespace FunctionsBroker.Storage.Sessions;

/// <summary><see cref="ISessionStore"/> over the table <c>Sessions</c>, which also holds the notes of <see cref="SessionSchedule"/>.</summary>
internal sealed partial class SessionStore(BrokerTables tables) : ISessionStore
{
    private readonly TableClient _table = tables.Sessions;

    public async Task<Versioned<SessionRecord>?> FindAsync(SessionId session, CancellationToken cancellationToken)
    {
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(
            StorageKeys.SessionPartition(session),
            StorageKeys.SessionRow(session),
            cancellationToken: cancellationToken);
        return found.HasValue && found.Value is { } row ? SessionRow.Read(row) : null;
    }

    public async Task<Versioned<SessionRecord>> AddAsync(SessionRecord record, CancellationToken cancellationToken)
    {
        var row = SessionRow.Write(record);
        return await GuardAsync(
            row,
            record,
            heldETag: null,
            () => WriteWithNoteAsync(new TableTransactionAction(TableTransactionActionType.Add, row), record, cancellationToken));
    }

    public async Task<Versioned<SessionRecord>> UpdateAsync(
        Versioned<SessionRecord> read,
        SessionRecord record,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(read);

        var row = SessionRow.Write(record);
        return await GuardAsync(
            row,
            record,
            read.ETag,
            () => record.ExpiresAt < read.Value.ExpiresAt
                ? WriteWithNoteAsync(new TableTransactionAction(TableTransactionActionType.UpdateReplace, row, new ETag(read.ETag)), record, cancellationToken)
                : _table.UpdateEntityAsync(row, new ETag(read.ETag), TableUpdateMode.Replace, cancellationToken));
    }

    public async Task DeleteAsync(Versioned<SessionRecord> read, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(read);

        var row = SessionRow.Write(read.Value);
        await GuardAsync(
            row,
            read.Value,
            read.ETag,
            () => _table.DeleteEntityAsync(row.PartitionKey, row.RowKey, new ETag(read.ETag), cancellationToken));
    }

    // The session's row comes first, so that its answer is the first of the transaction's answers.
    private async Task<Response> WriteWithNoteAsync(TableTransactionAction write, SessionRecord record, CancellationToken cancellationToken)
    {
        var note = SessionSchedule.Write(new SessionDue(record.SessionId, record.ExpiresAt));
        var answers = await _table.SubmitTransactionAsync(
            [write, new TableTransactionAction(TableTransactionActionType.UpsertReplace, note)],
            cancellationToken);
        return answers.Value[0];
    }

    private async Task<Versioned<SessionRecord>> GuardAsync(
        TableEntity row,
        SessionRecord record,
        string? heldETag,
        Func<Task<Response>> write)
    {
        try
        {
            var written = await write();
            return new Versioned<SessionRecord>(record, written.Headers.ETag.GetValueOrDefault().ToString());
        }
        catch (RequestFailedException exception) when (TableConflicts.IsConflict(exception))
        {
            throw TableConflicts.ToConflict(exception, _table.Name, row.PartitionKey, row.RowKey, heldETag);
        }
    }
}
