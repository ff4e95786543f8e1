using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Entities;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Conformance.Surface.Durable;

/// <summary>An entity as a class.</summary>
public sealed class EntitySurface(ILogger<EntitySurface> logger) : TaskEntity<EntitySurfaceState>
{
    public int Add(int amount)
    {
        State.Value += amount;
        Context.SignalEntity(Context.Id, nameof(Reset), null, new SignalEntityOptions { SignalTime = TimeProvider.System.GetUtcNow().AddDays(1) });
        return State.Value;
    }

    public void Reset() => State = new EntitySurfaceState();

    public Task<int> Get() => Task.FromResult(State.Value);

    public void Delete() => State = null!;

    public string Begin() => Context.ScheduleNewOrchestration(
        nameof(OrchestrationSurface), new Parcel($"{Context.Id.Name} {Context.Id.Key} {logger}", 1), new StartOrchestrationOptions("id"));

    [Function(nameof(EntitySurface))]
    public Task RunEntityAsync([EntityTrigger] TaskEntityDispatcher dispatcher) => dispatcher.DispatchAsync(this);

    [Function("EntitySurfaceMade")]
    public static Task RunMadeAsync([EntityTrigger] TaskEntityDispatcher dispatcher) => dispatcher.DispatchAsync<EntitySurface>();

    [Function("EntitySurfaceFunction")]
    public static Task RunFunctionAsync([EntityTrigger(EntityName = "surface")] TaskEntityDispatcher dispatcher) => dispatcher.DispatchAsync(operation =>
    {
        operation.State.SetState(operation.State.GetState<int>(0) + (operation.HasInput ? operation.GetInput<int>() : 1));
        return new ValueTask<object?>($"{operation.Name} {operation.Context.Id}");
    });

    protected override EntitySurfaceState InitializeState(TaskEntityOperation entityOperation) => new();
}
