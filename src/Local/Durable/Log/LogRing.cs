using System.Globalization;
using Azure;
using Azure.Data.Tables;
using FunctionsBroker.Local.Durable.Instances;
using FunctionsBroker.Local.Durable.Tables;

namespace FunctionsBroker.Local.Durable.Log;

/// <summary>
/// The log's rows: a fixed number of slots that are overwritten in turn, so that the log needs no deletes, and a row that
/// marks its end.
/// </summary>
/// <remarks>
/// Every change goes together with one of the end's row, and names the version that row had after the change before. So
/// two writers cannot both go on from the same point, which fences an owner that was taken for dead; and a storage that
/// was restored to an earlier moment, as an emulator that was killed is, takes nothing more from a writer that was later.
/// </remarks>
internal sealed class LogRing(TableClient table, int slots, TimeProvider time) : IDisposable
{
    private const string Partition = InstanceKey.ReservedPrefix + "log";
    private const string EndKey = "end";
    private const string Change = "Change";

    private readonly SemaphoreSlim _oneChange = new(1);

    // Changes whose answers were lost: the end's row may be as any of them left it.
    private readonly HashSet<string> _uncertain = [];
    private ETag? _end;
    private long _confirmedAt;

    public int Slots => slots;

    /// <summary>A timestamp at which the storage was as the last change left it.</summary>
    public long ConfirmedAt => Interlocked.Read(ref _confirmedAt);

    /// <summary>Reads everything, oldest record first.</summary>
    public async Task<IReadOnlyList<LogRecord>> ReadAsync(CancellationToken cancellationToken)
    {
        List<LogRecord> records = [];
        string filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition}");
        await foreach (TableEntity row in table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            if (row.RowKey == EndKey)
            {
                _end = row.ETag;
            }
            else
            {
                records.Add(FromRow(row));
            }
        }

        records.Sort((a, b) => a.Number.CompareTo(b.Number));
        return records;
    }

    /// <summary>Writes one record into its slot.</summary>
    /// <exception cref="OwnershipLostException">The storage is not as the last change left it.</exception>
    /// <exception cref="RequestFailedException">The service did not take it; the same write may be tried again.</exception>
    public Task WriteAsync(LogRecord record, CancellationToken cancellationToken) => ChangeAsync(record, cancellationToken);

    /// <summary>
    /// Makes sure that the storage is as the last change left it, and that this remains so only if nothing is lost from now on.
    /// </summary>
    /// <inheritdoc cref="WriteAsync"/>
    public Task ConfirmAsync(CancellationToken cancellationToken) => ChangeAsync(null, cancellationToken);

    public void Dispose() => _oneChange.Dispose();

    private async Task ChangeAsync(LogRecord? record, CancellationToken cancellationToken)
    {
        TableEntity end = new(Partition, EndKey) { [Change] = Guid.NewGuid().ToString("N") };
        await _oneChange.WaitAsync(cancellationToken);
        try
        {
            long begun = time.GetTimestamp();
            _end = await ChangeAsync(end, record, cancellationToken);
            _uncertain.Clear();
            Interlocked.Exchange(ref _confirmedAt, begun);
        }
        catch (Exception exception) when (exception is not OwnershipLostException)
        {
            _uncertain.Add(end.GetString(Change));
            throw;
        }
        finally
        {
            _oneChange.Release();
        }
    }

    private async Task<ETag?> ChangeAsync(TableEntity end, LogRecord? record, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await SendAsync(end, record, cancellationToken);
            }
            catch (RequestFailedException exception) when (StorageFailure.IsConflict(exception))
            {
                // A change whose answer was lost, and that was then sent again, conflicts with itself.
                NullableResponse<TableEntity> found = await table.GetEntityIfExistsAsync<TableEntity>(
                    Partition, EndKey, cancellationToken: cancellationToken);
                string? last = found is { HasValue: true, Value: { } stored } ? stored.GetString(Change) : null;
                if (last is not null && last == end.GetString(Change))
                {
                    return found.Value?.ETag;
                }

                if (last is null || !_uncertain.Remove(last))
                {
                    throw new OwnershipLostException(
                        "The task hub's log is not as this process left it: another process has written to it, or the storage has lost what was written last.",
                        exception);
                }

                _end = found.Value?.ETag;
            }
        }
    }

    private async Task<ETag?> SendAsync(TableEntity end, LogRecord? record, CancellationToken cancellationToken)
    {
        if (record is null)
        {
            Response response = _end is { } version
                ? await table.UpdateEntityAsync(end, version, TableUpdateMode.Replace, cancellationToken)
                : await table.AddEntityAsync(end, cancellationToken);
            return response.Headers.ETag;
        }

        // The end first: if it is not the expected one, there is nothing to be undone.
        TableTransactionAction[] changes =
        [
            _end is { } expected
                ? new TableTransactionAction(TableTransactionActionType.UpdateReplace, end, expected)
                : new TableTransactionAction(TableTransactionActionType.Add, end),
            new TableTransactionAction(TableTransactionActionType.UpsertReplace, ToRow(record)),
        ];
        Response<IReadOnlyList<Response>> responses = await table.SubmitTransactionAsync(changes, cancellationToken);
        return responses.Value[0].Headers.ETag;
    }

    private TableEntity ToRow(LogRecord record)
    {
        TableEntity row = new(Partition, (record.Number % slots).ToString("D6", CultureInfo.InvariantCulture))
        {
            [nameof(LogRecord.Number)] = record.Number,
            [nameof(LogRecord.FirstLsn)] = record.FirstLsn,
            [nameof(LogRecord.Floor)] = record.Floor,
            [nameof(LogRecord.Writer)] = record.Writer,
            [nameof(LogRecord.Part)] = record.Part,
            [nameof(LogRecord.Parts)] = record.Parts,
        };
        Chunks.Write(row, record.Payload);
        return row;
    }

    private static LogRecord FromRow(TableEntity row)
    {
        using MemoryStream payload = new();
        Chunks.Read(row, payload);
        return new LogRecord(
            row.GetInt64(nameof(LogRecord.Number)) ?? 0,
            row.GetInt64(nameof(LogRecord.FirstLsn)) ?? 0,
            row.GetInt64(nameof(LogRecord.Floor)) ?? 0,
            row.GetString(nameof(LogRecord.Writer)),
            row.GetInt32(nameof(LogRecord.Part)) ?? 0,
            row.GetInt32(nameof(LogRecord.Parts)) ?? 1,
            payload.ToArray());
    }
}
