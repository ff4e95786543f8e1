using System.Runtime.CompilerServices;
using FunctionsBroker.Local.Durable.Engine;
using FunctionsBroker.Local.Durable.Instances;
using FunctionsBroker.Local.Durable.Messages;
using FunctionsBroker.Local.Durable.Orchestrations;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client.Entities;
using Microsoft.DurableTask.Entities;

namespace FunctionsBroker.Local.Durable.Clients;

/// <summary>The entity client of a hub in this process.</summary>
internal sealed class TaskHubEntityClient(
    string hubName, DataConverter converter, Func<CancellationToken, Task<HubEngine>> engine) : DurableEntityClient(hubName)
{
    public override async Task SignalEntityAsync(
        EntityInstanceId id,
        string operationName,
        object? input = null,
        SignalEntityOptions? options = null,
        CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(operationName);
        Message.OperationRequested signal = new(
            EntityIds.Checked(id, nameof(id)), operationName, converter.Serialize(input), SignalTime: options?.SignalTime);
        await (await engine(cancellation)).SubmitAsync(signal, isNew: false, cancellation);
    }

    public override async Task<EntityMetadata?> GetEntityAsync(
        EntityInstanceId id, bool includeState = true, CancellationToken cancellation = default) =>
        await ReadAsync(id, cancellation) is { } document ? Metadata.Of(id, document, includeState, converter) : null;

    public override async Task<EntityMetadata<T>?> GetEntityAsync<T>(
        EntityInstanceId id, bool includeState = true, CancellationToken cancellation = default) =>
        await ReadAsync(id, cancellation) is { } document ? Metadata.Of<T>(id, document, includeState, converter) : null;

    public override AsyncPageable<EntityMetadata> GetAllEntitiesAsync(EntityQuery? filter = null) =>
        List(filter, (id, document) => Metadata.Of(id, document, filter?.IncludeState ?? true, converter));

    public override AsyncPageable<EntityMetadata<T>> GetAllEntitiesAsync<T>(EntityQuery? filter = null) =>
        List(filter, (id, document) => Metadata.Of<T>(id, document, filter?.IncludeState ?? true, converter));

    public override async Task<CleanEntityStorageResult> CleanEntityStorageAsync(
        CleanEntityStorageRequest? request = null, bool continueUntilComplete = true, CancellationToken cancellation = default)
    {
        CleanEntityStorageRequest wanted = request ?? CleanEntityStorageRequest.Default;
        HubEngine hub = await engine(cancellation);
        await hub.FlushAsync(cancellation);
        CleanEntityStorageResult result = default;
        string all = RowFilter.For(new EntityQuery { IncludeTransient = true });
        await foreach ((IReadOnlyList<StoredInstance> page, string? next) in hub.Store.QueryAsync(
            all, wanted.ContinuationToken, null, cancellation))
        {
            foreach (StoredInstance entity in page)
            {
                bool released = wanted.ReleaseOrphanedLocks && await ReleaseAsync(hub, entity, cancellation);
                bool removed = wanted.RemoveEmptyEntities && await hub.PurgeAsync(entity.Id, IsEmpty, cancellation);
                result = result with
                {
                    OrphanedLocksReleased = result.OrphanedLocksReleased + (released ? 1 : 0),
                    EmptyEntitiesRemoved = result.EmptyEntitiesRemoved + (removed ? 1 : 0),
                };
            }

            if (!continueUntilComplete)
            {
                return result with { ContinuationToken = next };
            }
        }

        return result;
    }

    private static bool IsEmpty(InstanceDocument document) =>
        document is { Inbox.IsEmpty: true, Entity: { State: null, Lock: null } };

    // A holder that is not running will never release.
    private static async Task<bool> ReleaseAsync(HubEngine hub, StoredInstance entity, CancellationToken cancellation)
    {
        if (entity.Document.Entity?.Lock is not { } held)
        {
            return false;
        }

        InstanceDocument owner = await hub.ReadAsync(held.Owner, cancellation);
        if (InstanceSummary.Of(held.Owner, owner) is { } summary && !summary.Status.IsTerminal())
        {
            return false;
        }

        await hub.SubmitAsync(new Message.LockReleased(entity.Id, held.Section), isNew: false, cancellation);
        return true;
    }

    private async Task<InstanceDocument?> ReadAsync(EntityInstanceId id, CancellationToken cancellation)
    {
        InstanceDocument document = await (await engine(cancellation)).ReadAsync(EntityIds.Checked(id, nameof(id)), cancellation);
        return document.Entity?.State is null ? null : document;
    }

    private FuncAsyncPageable<T> List<T>(EntityQuery? query, Func<EntityInstanceId, InstanceDocument, T> metadata)
        where T : notnull
    {
        async IAsyncEnumerable<Page<T>> PagesAsync(string? token, int? size, [EnumeratorCancellation] CancellationToken cancellation)
        {
            HubEngine hub = await engine(cancellation);
            await hub.FlushAsync(cancellation);
            int pageSize = size ?? query?.PageSize ?? EntityQuery.DefaultPageSize;
            await foreach ((IReadOnlyList<StoredInstance> page, string? next) in hub.Store.QueryAsync(
                RowFilter.For(query), token ?? query?.ContinuationToken, pageSize, cancellation))
            {
                yield return new Page<T>([.. page.Select(stored => metadata(EntityInstanceId.FromString(stored.Id), stored.Document))], next);
            }
        }

        return new FuncAsyncPageable<T>(PagesAsync);
    }
}
