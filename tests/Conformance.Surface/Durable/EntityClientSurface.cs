using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Client.Entities;
using Microsoft.DurableTask.Entities;

namespace FunctionsBroker.Conformance.Surface.Durable;

/// <summary>What an app does with entities from outside.</summary>
public static class EntityClientSurface
{
    public static async Task<string> SignalAndReadAsync(DurableTaskClient client, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var id = new EntityInstanceId(nameof(EntitySurface), "key");
        await client.Entities.SignalEntityAsync(id, nameof(EntitySurface.Add), 5, new SignalEntityOptions { SignalTime = at }, cancellationToken);
        EntityMetadata<EntitySurfaceState>? entity = await client.Entities.GetEntityAsync<EntitySurfaceState>(id, includeState: true, cancellationToken);
        return $"{entity?.State} {entity?.IncludesState} {entity?.LastModifiedTime} {entity?.BacklogQueueSize} {entity?.LockedBy} {entity?.Id.Key}";
    }

    public static async Task<int> ListAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        var total = 0;
        var query = new EntityQuery { InstanceIdStartsWith = "@entitysurface@", PageSize = 10, IncludeState = true };
        await foreach (EntityMetadata<EntitySurfaceState> entity in client.Entities.GetAllEntitiesAsync<EntitySurfaceState>(query))
        {
            total += entity.Id.Key.Length;
        }

        await foreach (EntityMetadata entity in client.Entities.GetAllEntitiesAsync())
        {
            total += entity.State.ReadAs<EntitySurfaceState>()?.Value ?? 0;
        }

        await client.Entities.CleanEntityStorageAsync(
            new CleanEntityStorageRequest { RemoveEmptyEntities = true, ReleaseOrphanedLocks = true }, continueUntilComplete: true, cancellationToken);
        return total;
    }
}
