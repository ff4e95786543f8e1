using Azure.Data.Tables;
using FunctionsBroker.Local.Durable.Instances;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Client.Entities;

namespace FunctionsBroker.Local.Durable.Clients;

/// <summary>Queries of clients as filters on the rows of instances.</summary>
internal static class RowFilter
{
    public static string For(OrchestrationQuery? query) => Join(
    [
        TableClient.CreateQueryFilter($"Kind eq {InstanceRow.Orchestration}"),
        Prefix(query?.InstanceIdPrefix),
        Between("CreatedAt", query?.CreatedFrom, query?.CreatedTo),
        AnyOf(query?.Statuses),
    ]);

    /// <summary>Orchestrations that have ended and meet <paramref name="filter"/>.</summary>
    public static string For(PurgeInstancesFilter filter)
    {
        IEnumerable<OrchestrationRuntimeStatus> ended =
            [OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated];
        return Join(
        [
            TableClient.CreateQueryFilter($"Kind eq {InstanceRow.Orchestration}"),
            Between("CreatedAt", filter.CreatedFrom, filter.CreatedTo),
            AnyOf(filter.Statuses is null ? ended : ended.Intersect(filter.Statuses)),
        ]);
    }

    public static string For(EntityQuery? query) => Join(
    [
        TableClient.CreateQueryFilter($"Kind eq {InstanceRow.Entity}"),
        Prefix(query?.InstanceIdStartsWith),
        Between("UpdatedAt", query?.LastModifiedFrom, query?.LastModifiedTo),
        query is { IncludeTransient: true } ? "" : TableClient.CreateQueryFilter($"HasState eq {true}"),
    ]);

    private static string Join(IEnumerable<string> conditions) =>
        string.Join(" and ", conditions.Where(condition => condition.Length > 0));

    private static string Prefix(string? prefix)
    {
        if (string.IsNullOrEmpty(prefix))
        {
            return "";
        }

        // Keys hold nothing but ASCII, so that the key after all those that begin so is one character's difference.
        string first = InstanceKey.Encode(prefix);
        string after = first[..^1] + (char)(first[^1] + 1);
        return TableClient.CreateQueryFilter($"PartitionKey ge {first} and PartitionKey lt {after}");
    }

    private static string Between(string column, DateTimeOffset? from, DateTimeOffset? to)
    {
        // The service knows no times before 1601.
        string lower = from is { Year: > 1601 } start ? $"{column} ge {TableClient.CreateQueryFilter($"{start}")}" : "";
        string upper = to is { Year: < 9999 } end ? $"{column} le {TableClient.CreateQueryFilter($"{end}")}" : "";
        return Join([lower, upper]);
    }

    private static string AnyOf(IEnumerable<OrchestrationRuntimeStatus>? statuses)
    {
        if (statuses is null)
        {
            return "";
        }

        string[] conditions = [.. statuses.Select(status => TableClient.CreateQueryFilter($"Status eq {status.ToString()}"))];

        // An empty choice of statuses is one of nothing.
        return conditions.Length == 0 ? TableClient.CreateQueryFilter($"Status eq {"none"}") : $"({string.Join(" or ", conditions)})";
    }
}
