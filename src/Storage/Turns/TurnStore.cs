using Azure;
using Azure.Data.Tables;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Keys;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.Storage.Tables;

namespace FunctionsBroker.Storage.Turns;

/// <summary><see cref="ITurnStore"/> over the table <c>Turns</c>.</summary>
/// <remarks>
/// All rows of a session's turns are in one partition: the turn itself by id, a row that lists it by time (newest first),
/// the pieces of texts that do not fit into a property, and one row that names the newest turn.
/// </remarks>
internal sealed partial class TurnStore(BrokerTables tables, TurnJournal journal) : ITurnStore
{
    private const char PromptPart = 'p';
    private const char ReplyPart = 'r';

    private readonly TableClient _table = tables.Turns;

    public async Task<TurnAddition> AddAsync(TurnRecord record, string prompt, TurnHead? after, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);

        // The head comes first, so that its answer is the first of the transaction's answers.
        List<TableTransactionAction> actions = [TurnHeadRow.Write(record, after), .. Insertions(record, prompt)];
        try
        {
            var adding = _table.SubmitTransactionAsync(actions, cancellationToken);
            await Task.WhenAll(journal.NoteAsync(record.SessionId, record.Timings.CreatedAt, cancellationToken), adding);
            var answers = await adding;
            return new TurnAddition.Added(new TurnHead(record.TurnId, answers.Value[0].Headers.ETag.GetValueOrDefault().ToString()));
        }
        catch (RequestFailedException exception) when (TableConflicts.IsConflict(exception))
        {
            return await FindAsync(record.SessionId, record.TurnId, cancellationToken) is { } existing
                ? new TurnAddition.Existed(existing)
                : new TurnAddition.Overtaken();
        }
    }

    public async Task AddEndedAsync(TurnRecord record, string prompt, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);

        try
        {
            await journal.NoteAsync(record.SessionId, record.Timings.CreatedAt, cancellationToken);
            await _table.SubmitTransactionAsync(Insertions(record, prompt), cancellationToken);
        }
        catch (RequestFailedException exception) when (TableConflicts.IsConflict(exception))
        {
            // An earlier try was faster than its answer.
        }
    }

    public async Task<TurnHead?> FindHeadAsync(SessionId session, CancellationToken cancellationToken)
    {
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(
            StorageKeys.TurnPartition(session),
            StorageKeys.TurnHeadRow,
            cancellationToken: cancellationToken);
        return found.HasValue && found.Value is { } row ? TurnHeadRow.Read(row) : null;
    }

    public Task DropHeadAsync(SessionId session, CancellationToken cancellationToken) =>
        _table.DeleteEntityAsync(StorageKeys.TurnPartition(session), StorageKeys.TurnHeadRow, ETag.All, cancellationToken);

    public async Task<Versioned<TurnRecord>?> FindAsync(SessionId session, TurnId turn, CancellationToken cancellationToken)
    {
        var row = await FindRowAsync(session, turn, cancellationToken);
        return row is null ? null : await ReadAsync(row, session, turn, cancellationToken);
    }

    public async Task<TurnWithPrompt?> FindWithPromptAsync(SessionId session, TurnId turn, CancellationToken cancellationToken)
    {
        var row = await FindRowAsync(session, turn, cancellationToken);
        if (row is null)
        {
            return null;
        }

        var prompt = TurnRow.ReadInlinePrompt(row)
            ?? await ReadTextAsync(session, turn, PromptPart, cancellationToken);
        return new TurnWithPrompt(await ReadAsync(row, session, turn, cancellationToken), prompt);
    }

    public async Task<Versioned<TurnRecord>> UpdateAsync(
        Versioned<TurnRecord> read,
        TurnRecord record,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(read);

        var text = record.Reply?.Text ?? string.Empty;
        var replyRows = LongText.FitsInline(text) ? [] : SplitText(record, ReplyPart, text);
        var row = TurnRow.Write(record, replyRows.Count);
        var tag = new ETag(read.ETag);
        try
        {
            var written = replyRows.Count == 0
                ? await _table.UpdateEntityAsync(row, tag, TableUpdateMode.Merge, cancellationToken)
                : await UpdateWithTextAsync(row, tag, replyRows, cancellationToken);
            return new Versioned<TurnRecord>(record, written.Headers.ETag.GetValueOrDefault().ToString());
        }
        catch (RequestFailedException exception) when (TableConflicts.IsConflict(exception))
        {
            throw TableConflicts.ToConflict(exception, _table.Name, row.PartitionKey, row.RowKey, read.ETag);
        }
    }

    private static List<TableTransactionAction> Insertions(TurnRecord record, string prompt)
    {
        var promptRows = LongText.FitsInline(prompt) ? [] : SplitText(record, PromptPart, prompt);
        var text = record.Reply?.Text ?? string.Empty;
        var replyRows = LongText.FitsInline(text) ? [] : SplitText(record, ReplyPart, text);
        var row = TurnRow.Write(record, replyRows.Count);
        TurnRow.WritePrompt(row, prompt, promptRows.Count);
        var listed = new TableEntity(row.PartitionKey, StorageKeys.TurnTimeRow(record.TurnId, record.Timings.CreatedAt));
        return
        [
            new(TableTransactionActionType.Add, row),
            new(TableTransactionActionType.UpsertReplace, listed),
            .. promptRows.Concat(replyRows).Select(piece => new TableTransactionAction(TableTransactionActionType.UpsertReplace, piece)),
        ];
    }

    // The row comes first, so that its answer is the first of the transaction's answers.
    private async Task<Response> UpdateWithTextAsync(
        TableEntity row,
        ETag tag,
        List<TableEntity> replyRows,
        CancellationToken cancellationToken)
    {
        List<TableTransactionAction> actions =
        [
            new(TableTransactionActionType.UpdateMerge, row, tag),
            .. replyRows.Select(piece => new TableTransactionAction(TableTransactionActionType.UpsertReplace, piece)),
        ];
        var answers = await _table.SubmitTransactionAsync(actions, cancellationToken);
        return answers.Value[0];
    }

    private async Task<TableEntity?> FindRowAsync(SessionId session, TurnId turn, CancellationToken cancellationToken)
    {
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(
            StorageKeys.TurnPartition(session),
            StorageKeys.TurnRow(turn),
            cancellationToken: cancellationToken);
        return found.HasValue ? found.Value : null;
    }

    private async Task<Versioned<TurnRecord>> ReadAsync(
        TableEntity row,
        SessionId session,
        TurnId turn,
        CancellationToken cancellationToken)
    {
        var text = TurnRow.HasReplyRows(row) ? await ReadTextAsync(session, turn, ReplyPart, cancellationToken) : null;
        return TurnRow.Read(row, text);
    }

    private static List<TableEntity> SplitText(TurnRecord record, char part, string text) =>
        [.. LongText.Split(
            text,
            StorageKeys.TurnPartition(record.SessionId),
            index => StorageKeys.TurnTextRow(record.TurnId, part, index))];

    private async Task<string> ReadTextAsync(SessionId session, TurnId turn, char part, CancellationToken cancellationToken)
    {
        var partition = StorageKeys.TurnPartition(session);
        var first = StorageKeys.TurnTextRow(turn, part, 0);
        var end = StorageKeys.TurnTextRowEnd(turn, part);
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {first} and RowKey lt {end}");
        List<TableEntity> rows = [];
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            rows.Add(row);
        }

        return LongText.Join(rows);
    }
}
