using System.Runtime.CompilerServices;
using Azure.Data.Tables;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Keys;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Storage.Sessions;

internal sealed partial class SessionStore
{
    public async IAsyncEnumerable<SessionRecord> ListAsync(
        SessionFilter filter,
        SessionId? after,
        int pageSize,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);

        var rows = _table.QueryAsync<TableEntity>(ToQuery(filter, after), pageSize, cancellationToken: cancellationToken);
        await foreach (var row in rows)
        {
            yield return SessionRow.Read(row).Value;
        }
    }

    private static string ToQuery(SessionFilter filter, SessionId? after)
    {
        List<string> parts = [TableClient.CreateQueryFilter($"RowKey lt {StorageKeys.SessionRowsEnd}")];
        if (after is { } last)
        {
            // The range of partitions comes first and by itself: by it the service knows where to begin.
            var (partition, row) = (StorageKeys.SessionPartition(last), StorageKeys.SessionRow(last));
            parts.Add(TableClient.CreateQueryFilter($"PartitionKey ge {partition}"));
            parts.Add(TableClient.CreateQueryFilter($"(PartitionKey gt {partition} or RowKey gt {row})"));
        }

        if (filter.Prefix is { } prefix)
        {
            parts.Add($"({string.Join(" or ", StorageKeys.SessionRowsOf(prefix).Select(rows => TableClient.CreateQueryFilter($"(RowKey ge {rows.From} and RowKey lt {rows.To})")))})");
        }

        if (filter.HostId is { } host)
        {
            parts.Add(SessionRow.HostFilter(host));
        }

        if (filter.Profile is { } profile)
        {
            parts.Add(SessionRow.ProfileFilter(profile));
        }

        if (filter.Tag is { } tag)
        {
            parts.Add(SessionRow.TagFilter(tag));
        }

        return string.Join(" and ", parts);
    }
}
