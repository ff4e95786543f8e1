using System.Globalization;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using FunctionsBroker.Local.Durable.Tables;

namespace FunctionsBroker.Local.Durable.Instances;

/// <summary>The rows of instances. They lag behind the log, which is where changes become durable.</summary>
/// <param name="epoch">The present term of ownership; rows of a later one are not overwritten.</param>
internal sealed class InstanceStore(TableClient table, long epoch)
{
    public async Task<StoredInstance?> ReadAsync(string id, CancellationToken cancellationToken)
    {
        NullableResponse<TableEntity> found = await table.GetEntityIfExistsAsync<TableEntity>(
            InstanceKey.Encode(id), InstanceRow.RowKey, cancellationToken: cancellationToken);
        return found is { HasValue: true, Value: { } row } ? await FromRowAsync(row, cancellationToken) : null;
    }

    /// <summary>Instances whose first row meets <paramref name="filter"/>, by pages.</summary>
    public async IAsyncEnumerable<(IReadOnlyList<StoredInstance> Instances, string? ContinuationToken)> QueryAsync(
        string filter, string? continuationToken, int? pageSize, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (Page<TableEntity> page in RowsAsync(filter, null, continuationToken, pageSize, cancellationToken))
        {
            List<StoredInstance> instances = [];
            foreach (TableEntity row in page.Values)
            {
                instances.Add(await FromRowAsync(row, cancellationToken));
            }

            yield return (instances, page.ContinuationToken);
        }
    }

    /// <summary>Summaries of orchestrations whose first row meets <paramref name="filter"/>, by pages.</summary>
    public async IAsyncEnumerable<(IReadOnlyList<InstanceSummary> Instances, string? ContinuationToken)> SummarizeAsync(
        string filter, string? continuationToken, int? pageSize, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (Page<TableEntity> page in RowsAsync(
            filter, InstanceRow.SummaryColumns, continuationToken, pageSize, cancellationToken))
        {
            yield return ([.. page.Values.Select(InstanceRow.Summary)], page.ContinuationToken);
        }
    }

    /// <summary>Makes the rows of an instance say what its document does; there are none for an empty one.</summary>
    /// <exception cref="OwnershipLostException">A later owner has written the instance.</exception>
    public async Task<StoredVersion?> SaveAsync(
        string id, InstanceDocument document, long lsn, StoredVersion? previous, CancellationToken cancellationToken)
    {
        if (!document.IsEmpty)
        {
            return await WriteAsync(id, document, lsn, previous, cancellationToken);
        }

        if (previous is not null)
        {
            await DeleteAsync(id, previous, cancellationToken);
        }

        return null;
    }

    private async Task<StoredVersion> WriteAsync(
        string id, InstanceDocument document, long lsn, StoredVersion? previous, CancellationToken cancellationToken)
    {
        byte[] body = InstanceRow.Serialize(document);
        TableEntity row = InstanceRow.Create(id, document, lsn, epoch);
        int parts = 0;
        if (body.Length <= Chunks.MaxRowBytes)
        {
            Chunks.Write(row, body);
        }
        else
        {
            // The parts are there before the row that names them, and the old ones until it does not name them any more.
            for (; parts * Chunks.MaxRowBytes < body.Length; parts++)
            {
                int start = parts * Chunks.MaxRowBytes;
                TableEntity part = new(row.PartitionKey, PartKey(lsn, parts));
                Chunks.Write(part, body.AsSpan(start, Math.Min(Chunks.MaxRowBytes, body.Length - start)));
                await table.UpsertEntityAsync(part, TableUpdateMode.Replace, cancellationToken);
            }
        }

        row[InstanceRow.Parts] = parts;
        ETag version = await ReplaceAsync(row, previous?.ETag, cancellationToken);
        await DeletePartsAsync(row.PartitionKey, previous, cancellationToken);
        return new StoredVersion(version, parts, lsn);
    }

    private async Task DeleteAsync(string id, StoredVersion stored, CancellationToken cancellationToken)
    {
        string partition = InstanceKey.Encode(id);
        await table.DeleteEntityAsync(partition, InstanceRow.RowKey, ETag.All, cancellationToken);
        await DeletePartsAsync(partition, stored, cancellationToken);
    }

    private static string PartKey(long lsn, int part) => string.Create(CultureInfo.InvariantCulture, $"p{lsn:D19}-{part:D4}");

    private IAsyncEnumerable<Page<TableEntity>> RowsAsync(
        string filter, IEnumerable<string>? columns, string? continuationToken, int? pageSize, CancellationToken cancellationToken)
    {
        string rowFilter = TableClient.CreateQueryFilter($"RowKey eq {InstanceRow.RowKey}");
        return table.QueryAsync<TableEntity>($"{rowFilter} and {filter}", pageSize, columns, cancellationToken)
            .AsPages(continuationToken, pageSize);
    }

    private async Task<StoredInstance> FromRowAsync(TableEntity row, CancellationToken cancellationToken)
    {
        long lsn = row.GetInt64(InstanceRow.Lsn) ?? 0;
        int parts = row.GetInt32(InstanceRow.Parts) ?? 0;
        using MemoryStream body = new();
        Chunks.Read(row, body);
        for (int i = 0; i < parts; i++)
        {
            Response<TableEntity> part = await table.GetEntityAsync<TableEntity>(
                row.PartitionKey, PartKey(lsn, i), cancellationToken: cancellationToken);
            Chunks.Read(part.Value, body);
        }

        return new StoredInstance(
            InstanceKey.Decode(row.PartitionKey), InstanceRow.Deserialize(body), new StoredVersion(row.ETag, parts, lsn));
    }

    private async Task<ETag> ReplaceAsync(TableEntity row, ETag? previous, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                Response response = previous is { } version
                    ? await table.UpdateEntityAsync(row, version, TableUpdateMode.Replace, cancellationToken)
                    : await table.AddEntityAsync(row, cancellationToken);
                return response.Headers.ETag ?? ETag.All;
            }
            catch (RequestFailedException exception) when (StorageFailure.IsConflict(exception))
            {
                previous = await VersionToReplaceAsync(row, exception, cancellationToken);
            }
        }
    }

    // The row was written by an earlier owner that did not know yet that it was one, or by a request of our own whose
    // answer was lost. What we have is newer than either.
    private async Task<ETag?> VersionToReplaceAsync(TableEntity row, Exception conflict, CancellationToken cancellationToken)
    {
        NullableResponse<TableEntity> found = await table.GetEntityIfExistsAsync<TableEntity>(
            row.PartitionKey, row.RowKey, [InstanceRow.Epoch], cancellationToken);
        if (found is not { HasValue: true, Value: { } stored })
        {
            return null;
        }

        return (stored.GetInt64(InstanceRow.Epoch) ?? 0) <= epoch
            ? stored.ETag
            : throw new OwnershipLostException("Another process has written to this task hub.", conflict);
    }

    private async Task DeletePartsAsync(string partition, StoredVersion? stored, CancellationToken cancellationToken)
    {
        for (int i = 0; i < stored?.Parts; i++)
        {
            await table.DeleteEntityAsync(partition, PartKey(stored.Lsn, i), ETag.All, cancellationToken);
        }
    }
}
