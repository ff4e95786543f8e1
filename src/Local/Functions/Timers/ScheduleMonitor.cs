using Azure;
using Azure.Data.Tables;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsBroker.Local.Functions.Timers;

/// <summary>Keeps a timer's schedule status in Table storage, one row per function.</summary>
internal sealed class ScheduleMonitor(TableClient table, string functionName)
{
    private const string Partition = "timers";

    public async Task<ScheduleStatus?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var row = await table.GetEntityIfExistsAsync<TableEntity>(Partition, functionName, cancellationToken: cancellationToken);
            return row.HasValue ? ToStatus(row.Value!) : null;
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == "TableNotFound")
        {
            return null;
        }
    }

    public async Task WriteAsync(ScheduleStatus status, CancellationToken cancellationToken)
    {
        var row = new TableEntity(Partition, functionName)
        {
            [nameof(ScheduleStatus.Last)] = ToColumn(status.Last),
            [nameof(ScheduleStatus.Next)] = ToColumn(status.Next),
            [nameof(ScheduleStatus.LastUpdated)] = ToColumn(status.LastUpdated),
        };
        try
        {
            await table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == "TableNotFound")
        {
            await table.CreateIfNotExistsAsync(cancellationToken);
            await table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
        }
    }

    private static ScheduleStatus ToStatus(TableEntity row) => new()
    {
        Last = FromColumn(row, nameof(ScheduleStatus.Last)),
        Next = FromColumn(row, nameof(ScheduleStatus.Next)),
        LastUpdated = FromColumn(row, nameof(ScheduleStatus.LastUpdated)),
    };

    // Tables hold no time before 1601, and a schedule that never ran has the default value; so ticks, not dates.
    private static long ToColumn(DateTime time) => time.Ticks;

    private static DateTime FromColumn(TableEntity row, string name) => new(row.GetInt64(name) ?? 0, DateTimeKind.Utc);
}
