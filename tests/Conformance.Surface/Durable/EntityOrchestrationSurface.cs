using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Entities;

namespace FunctionsBroker.Conformance.Surface.Durable;

/// <summary>What an orchestrator can do with entities.</summary>
public static class EntityOrchestrationSurface
{
    [Function(nameof(EntityOrchestrationSurface))]
    public static async Task<string> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var id = new EntityInstanceId(nameof(EntitySurface), "key");
        try
        {
            var sum = await context.Entities.CallEntityAsync<int>(id, nameof(EntitySurface.Add), 5);
            await context.Entities.CallEntityAsync(id, nameof(EntitySurface.Reset));
            await context.Entities.SignalEntityAsync(id, nameof(EntitySurface.Add), 5);
            await context.Entities.SignalEntityAsync(
                id, nameof(EntitySurface.Add), 5, new SignalEntityOptions { SignalTime = context.CurrentUtcDateTime.AddMinutes(1) });
            await using (await context.Entities.LockEntitiesAsync(id))
            {
                return $"{sum} {await context.Entities.CallEntityAsync<int>(id, nameof(EntitySurface.Get))} {context.Entities.InCriticalSection()}";
            }
        }
        catch (EntityOperationFailedException exception)
        {
            return $"{exception.FailureDetails.ErrorMessage} {exception.EntityId} {exception.OperationName}";
        }
    }
}
