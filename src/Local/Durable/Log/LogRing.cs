using System.Globalization;
using Azure;
using Azure.Data.Tables;
using FunctionsBroker.Local.Durable.Instances;
using FunctionsBroker.Local.Durable.Tables;

namespace FunctionsBroker.Local.Durable.Log;

/// <summary>
/// The log's rows: a fixed number of slots that are overwritten in turn, so that the log needs no deletes.
/// </summary>
/// <remarks>
/// Every write names the version of the slot that it replaces. Two writers therefore cannot both write the record of
/// one number: this is what fences an owner that was taken for dead.
/// </remarks>
internal sealed class LogRing(TableClient table, int slots)
{
    private const string Partition = InstanceKey.ReservedPrefix + "log";

    private readonly ETag?[] _versions = new ETag?[slots];

    public int Slots => slots;

    /// <summary>Reads everything, oldest record first.</summary>
    public async Task<IReadOnlyList<LogRecord>> ReadAsync(CancellationToken cancellationToken)
    {
        Array.Clear(_versions);
        List<LogRecord> records = [];
        string filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition}");
        await foreach (TableEntity row in table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            _versions[int.Parse(row.RowKey, CultureInfo.InvariantCulture)] = row.ETag;
            records.Add(FromRow(row));
        }

        records.Sort((a, b) => a.Number.CompareTo(b.Number));
        return records;
    }

    /// <summary>Writes one record into its slot.</summary>
    /// <exception cref="OwnershipLostException">Another owner has written there.</exception>
    /// <exception cref="RequestFailedException">The service did not take it; the same write may be tried again.</exception>
    public async Task WriteAsync(LogRecord record, CancellationToken cancellationToken)
    {
        int slot = (int)(record.Number % slots);
        TableEntity row = ToRow(record, slot);
        try
        {
            Response response = _versions[slot] is { } version
                ? await table.UpdateEntityAsync(row, version, TableUpdateMode.Replace, cancellationToken)
                : await table.AddEntityAsync(row, cancellationToken);
            _versions[slot] = response.Headers.ETag;
        }
        catch (RequestFailedException exception) when (StorageFailure.IsConflict(exception))
        {
            await AcceptOwnWriteAsync(record, slot, exception, cancellationToken);
        }
    }

    // A write whose answer was lost, and that was then sent again, conflicts with itself.
    private async Task AcceptOwnWriteAsync(LogRecord record, int slot, Exception conflict, CancellationToken cancellationToken)
    {
        NullableResponse<TableEntity> found = await table.GetEntityIfExistsAsync<TableEntity>(
            Partition, RowKey(slot), cancellationToken: cancellationToken);
        if (found.HasValue && found.Value is { } row && FromRow(row) is var stored
            && stored.Number == record.Number && stored.Writer == record.Writer)
        {
            _versions[slot] = row.ETag;
            return;
        }

        throw new OwnershipLostException("Another process has written to this task hub.", conflict);
    }

    private static string RowKey(int slot) => slot.ToString("D6", CultureInfo.InvariantCulture);

    private static TableEntity ToRow(LogRecord record, int slot)
    {
        TableEntity row = new(Partition, RowKey(slot))
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
