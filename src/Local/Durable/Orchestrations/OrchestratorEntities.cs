using FunctionsBroker.Local.Durable.History;
using FunctionsBroker.Local.Durable.Messages;
using Microsoft.DurableTask.Entities;

namespace FunctionsBroker.Local.Durable.Orchestrations;

/// <summary>An orchestrator's dealings with entities, and the rules of critical sections.</summary>
internal sealed class OrchestratorEntities(OrchestratorContext context) : TaskOrchestrationEntityFeature
{
    private CriticalSection? _section;

    public override async Task<TResult> CallEntityAsync<TResult>(
        EntityInstanceId id, string operationName, object? input = null, CallEntityOptions? options = null) =>
        context.Converter.Deserialize<TResult>(await CallAsync(id, operationName, input))!;

    public override Task CallEntityAsync(
        EntityInstanceId id, string operationName, object? input = null, CallEntityOptions? options = null) =>
        CallAsync(id, operationName, input);

    public override Task SignalEntityAsync(
        EntityInstanceId id, string operationName, object? input = null, SignalEntityOptions? options = null)
    {
        string entity = EntityIds.Checked(id, nameof(id));
        if (_section?.Entities.Contains(entity) == true)
        {
            throw new InvalidOperationException("Must not signal a locked entity from a critical section.");
        }

        context.Plan(
            new HistoryEvent.OperationSent(context.NewTaskId(), entity, operationName, OneWay: true),
            new Message.OperationRequested(
                entity, operationName, context.Converter.Serialize(input), SignalTime: options?.SignalTime));
        return Task.CompletedTask;
    }

    public override async Task<IAsyncDisposable> LockEntitiesAsync(IEnumerable<EntityInstanceId> entityIds)
    {
        ArgumentNullException.ThrowIfNull(entityIds);
        string[] entities = [.. entityIds.Select(id => EntityIds.Checked(id, nameof(entityIds))).Distinct().Order(StringComparer.Ordinal)];
        if (entities.Length == 0)
        {
            throw new ArgumentException("The list of entities to lock must not be empty.", nameof(entityIds));
        }

        ThrowIfInCriticalSection("Must not enter another critical section from within a critical section.");
        CriticalSection section = new(context.NewGuid(), entities);
        _section = section;
        int id = context.NewTaskId();
        context.Plan(
            new HistoryEvent.LocksRequested(id, section.Id),
            new Message.LockRequested(entities[0], context.Caller(id), section.Id, entities, 0));
        await context.Open(id, holds: false).Completion;
        section.Entered();
        return new Exit(this, section);
    }

    public override bool InCriticalSection(out IReadOnlyList<EntityInstanceId> entityIds)
    {
        entityIds = _section is { IsEntered: true } section ? [.. section.Available.Select(EntityInstanceId.FromString)] : [];
        return _section is { IsEntered: true };
    }

    /// <exception cref="InvalidOperationException">The orchestrator is in a critical section.</exception>
    public void ThrowIfInCriticalSection(string message)
    {
        if (_section is not null)
        {
            throw new InvalidOperationException(message);
        }
    }

    /// <summary>Leaves the critical section that the code has not left itself.</summary>
    public void ExitCriticalSection() => Leave(_section);

    private async Task<string?> CallAsync(EntityInstanceId entityId, string operation, object? input)
    {
        string entity = EntityIds.Checked(entityId, nameof(entityId));
        CriticalSection? section = _section;
        section?.BeginCall(entity);
        int id = context.NewTaskId();
        context.Plan(
            new HistoryEvent.OperationSent(id, entity, operation, OneWay: false),
            new Message.OperationRequested(
                entity, operation, context.Converter.Serialize(input), context.Caller(id), Section: section?.Id));
        try
        {
            return await context.Open(id, holds: false).Completion;
        }
        catch (OpenTaskFailedException exception)
        {
            throw new EntityOperationFailedException(entityId, operation, exception.Failure);
        }
        finally
        {
            section?.EndCall(entity);
        }
    }

    private void Leave(CriticalSection? section)
    {
        if (section is null || section != _section)
        {
            return;
        }

        _section = null;
        context.Plan(
            new HistoryEvent.LocksReleased(context.NewTaskId(), section.Id),
            [.. section.Entities.Select(entity => new Message.LockReleased(entity, section.Id))]);
    }

    private sealed class Exit(OrchestratorEntities owner, CriticalSection section) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            owner.Leave(section);
            return ValueTask.CompletedTask;
        }
    }
}
