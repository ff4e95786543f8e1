using System.Globalization;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using FunctionsBroker.Contracts.Usage;
using FunctionsBroker.Sessions.Keys;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.Storage.Tables;

namespace FunctionsBroker.Storage.Usage;

/// <summary><see cref="IUsageStore"/> over the table <c>Usage</c>: a partition a day.</summary>
internal sealed class UsageStore(BrokerTables tables) : IUsageStore
{
    private const string DayFormat = "yyyyMMdd";
    private static readonly string[] s_keys = [nameof(ITableEntity.PartitionKey), nameof(ITableEntity.RowKey)];

    private readonly TableClient _table = tables.Usage;

    public Task SaveAsync(UsageRecord record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);

        var totals = record.Totals;
        var row = new TableEntity(Partition(record.Day), StorageKeys.UsageRow(record.Profile, record.Writer))
        {
            [nameof(UsageRecord.Profile)] = record.Profile,
            [nameof(UsageRecord.Writer)] = record.Writer,
            [nameof(UsageTotals.Turns)] = totals.Turns,
            [nameof(UsageTotals.InputTokens)] = totals.InputTokens,
            [nameof(UsageTotals.OutputTokens)] = totals.OutputTokens,
            [nameof(UsageTotals.CacheReadTokens)] = totals.CacheReadTokens,
            [nameof(UsageTotals.CacheWriteTokens)] = totals.CacheWriteTokens,
            [nameof(UsageTotals.CostUsd)] = totals.CostUsd.ToString(CultureInfo.InvariantCulture),
        };
        SchemaVersions.Write(row);
        return _table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
    }

    public async IAsyncEnumerable<UsageRecord> ListAsync(
        DateOnly first,
        DateOnly last,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey ge {Partition(first)} and PartitionKey le {Partition(last)}");
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            yield return Read(row);
        }
    }

    public async Task RemoveBeforeAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey lt {Partition(day)}");
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, select: s_keys, cancellationToken: cancellationToken))
        {
            await _table.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All, cancellationToken);
        }
    }

    private static UsageRecord Read(TableEntity row)
    {
        SchemaVersions.Check(row);
        return new UsageRecord(
            DateOnly.ParseExact(row.PartitionKey, DayFormat, CultureInfo.InvariantCulture),
            row.GetString(nameof(UsageRecord.Profile)),
            row.GetString(nameof(UsageRecord.Writer)))
        {
            Totals = new UsageTotals
            {
                Turns = row.GetInt64(nameof(UsageTotals.Turns)) ?? 0,
                InputTokens = row.GetInt64(nameof(UsageTotals.InputTokens)) ?? 0,
                OutputTokens = row.GetInt64(nameof(UsageTotals.OutputTokens)) ?? 0,
                CacheReadTokens = row.GetInt64(nameof(UsageTotals.CacheReadTokens)) ?? 0,
                CacheWriteTokens = row.GetInt64(nameof(UsageTotals.CacheWriteTokens)) ?? 0,
                CostUsd = decimal.Parse(row.GetString(nameof(UsageTotals.CostUsd)) ?? "0", CultureInfo.InvariantCulture),
            },
        };
    }

    private static string Partition(DateOnly day) => day.ToString(DayFormat, CultureInfo.InvariantCulture);
}
