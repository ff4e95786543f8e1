using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.Storage.Tables;

namespace FunctionsBroker.Storage.Hosts;

/// <summary><see cref="IHostStore"/> over the table <c>Hosts</c>: one partition, one row a host.</summary>
internal sealed class HostStore(BrokerTables tables) : IHostStore
{
    private const string Partition = "hosts";

    private readonly TableClient _table = tables.Hosts;

    public Task SaveAsync(HostRecord record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);

        var row = new TableEntity(Partition, record.HostId)
        {
            [nameof(HostRecord.Url)] = record.Url.AbsoluteUri,
            [nameof(HostRecord.StartedAt)] = record.StartedAt,
            [nameof(HostRecord.HeartbeatInterval)] = record.HeartbeatInterval.TotalMilliseconds,
            [nameof(HostRecord.LiveProcesses)] = record.LiveProcesses,
            [nameof(HostRecord.RunningTurns)] = record.RunningTurns,
            [nameof(HostRecord.MaxSessions)] = record.MaxSessions,
            [nameof(HostRecord.Profiles)] = JsonSerializer.Serialize(record.Profiles, ContractsJsonContext.Default.IReadOnlyListString),
            [nameof(HostRecord.Draining)] = record.Draining,
        };
        SchemaVersions.Write(row);
        return _table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
    }

    public async Task<IReadOnlyList<HostRecord>> ListAsync(CancellationToken cancellationToken)
    {
        List<HostRecord> hosts = [];
        await foreach (var row in QueryAsync(cancellationToken))
        {
            hosts.Add(Read(row));
        }

        return hosts;
    }

    public Task DeleteAsync(string hostId, CancellationToken cancellationToken) =>
        _table.DeleteEntityAsync(Partition, hostId, ETag.All, cancellationToken);

    public async Task RemoveBeforeAsync(DateTimeOffset heartbeat, CancellationToken cancellationToken)
    {
        await foreach (var row in QueryAsync(cancellationToken))
        {
            if (row.Timestamp >= heartbeat)
            {
                continue;
            }

            try
            {
                await _table.DeleteEntityAsync(row, row.ETag, cancellationToken);
            }
            catch (RequestFailedException exception) when (exception.Status == 412)
            {
                // It has beaten.
            }
        }
    }

    private AsyncPageable<TableEntity> QueryAsync(CancellationToken cancellationToken) =>
        _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {Partition}"), cancellationToken: cancellationToken);

    private static HostRecord Read(TableEntity row)
    {
        SchemaVersions.Check(row);
        return new HostRecord
        {
            HostId = row.RowKey,
            Url = new Uri(row.GetString(nameof(HostRecord.Url))),
            StartedAt = row.GetDateTimeOffset(nameof(HostRecord.StartedAt)) ?? default,

            // The storage's own clock: that of the host may be wrong by any time, and a host would be dead or alive by that.
            HeartbeatAt = row.Timestamp ?? default,
            HeartbeatInterval = TimeSpan.FromMilliseconds(row.GetDouble(nameof(HostRecord.HeartbeatInterval)) ?? 0),
            LiveProcesses = row.GetInt32(nameof(HostRecord.LiveProcesses)) ?? 0,
            RunningTurns = row.GetInt32(nameof(HostRecord.RunningTurns)) ?? 0,
            MaxSessions = row.GetInt32(nameof(HostRecord.MaxSessions)) ?? 0,
            Profiles = JsonSerializer.Deserialize(
                row.GetString(nameof(HostRecord.Profiles)) ?? "[]",
                ContractsJsonContext.Default.IReadOnlyListString) ?? [],
            Draining = row.GetBoolean(nameof(HostRecord.Draining)) ?? false,
        };
    }
}
