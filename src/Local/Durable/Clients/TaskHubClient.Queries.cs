using System.Runtime.CompilerServices;
using FunctionsBroker.Local.Durable.Engine;
using FunctionsBroker.Local.Durable.Instances;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FunctionsBroker.Local.Durable.Clients;

internal sealed partial class TaskHubClient
{
    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null) =>
        new FuncAsyncPageable<OrchestrationMetadata>((token, size, cancellation) => ListAsync(
            filter, token ?? filter?.ContinuationToken, size ?? filter?.PageSize ?? OrchestrationQuery.DefaultPageSize, cancellation));

    public override async Task<PurgeResult> PurgeInstanceAsync(
        string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ThrowIfRecursive(options);
        HubEngine hub = await engine(cancellation);
        return new PurgeResult(await PurgeAsync(hub, Checked(instanceId), cancellation) ? 1 : 0, isComplete: true);
    }

    public override async Task<PurgeResult> PurgeAllInstancesAsync(
        PurgeInstancesFilter filter, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ThrowIfRecursive(options);
        HubEngine hub = await engine(cancellation);
        await hub.FlushAsync(cancellation);
        using CancellationTokenSource timeout = new(filter.Timeout ?? Timeout.InfiniteTimeSpan, time);
        int purged = 0;
        await foreach ((IReadOnlyList<InstanceSummary> page, _) in hub.Store.SummarizeAsync(RowFilter.For(filter), null, null, cancellation))
        {
            foreach (InstanceSummary summary in page)
            {
                if (timeout.IsCancellationRequested)
                {
                    return new PurgeResult(purged, isComplete: false);
                }

                purged += await PurgeAsync(hub, summary.Id, cancellation) ? 1 : 0;
            }
        }

        return new PurgeResult(purged, isComplete: true);
    }

    // The local engine keeps no record of which orchestration started which.
    private static void ThrowIfRecursive(PurgeInstanceOptions? options)
    {
        if (options is { Recursive: true })
        {
            throw new NotSupportedException("Purging sub-orchestrations together with their parent is not supported by the local engine.");
        }
    }

    private static Task<bool> PurgeAsync(HubEngine hub, string id, CancellationToken cancellation) => hub.PurgeAsync(
        id, static document => document is { Orchestration.IsTerminal: true, PendingStart: null }, cancellation);

    private async IAsyncEnumerable<Page<OrchestrationMetadata>> ListAsync(
        OrchestrationQuery? query, string? token, int size, [EnumeratorCancellation] CancellationToken cancellation)
    {
        HubEngine hub = await engine(cancellation);
        await hub.FlushAsync(cancellation);
        string filter = RowFilter.For(query);
        if (query is { FetchInputsAndOutputs: true })
        {
            await foreach ((IReadOnlyList<StoredInstance> page, string? next) in hub.Store.QueryAsync(filter, token, size, cancellation))
            {
                yield return new Page<OrchestrationMetadata>(
                    [.. page.Select(stored => Metadata.Of(stored.Id, stored.Document, registry.Converter)).OfType<OrchestrationMetadata>()], next);
            }

            yield break;
        }

        await foreach ((IReadOnlyList<InstanceSummary> page, string? next) in hub.Store.SummarizeAsync(filter, token, size, cancellation))
        {
            yield return new Page<OrchestrationMetadata>([.. page.Select(Metadata.Of)], next);
        }
    }
}
