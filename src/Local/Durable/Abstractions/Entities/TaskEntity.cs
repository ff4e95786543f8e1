namespace Microsoft.DurableTask.Entities;

/// <summary>
/// Base of entities written as classes: an operation runs the public method of its name, case ignored, with the
/// operation's input and, where asked for, the <see cref="TaskEntityContext"/>.
/// </summary>
public abstract class TaskEntity<TState> : ITaskEntity
{
    /// <summary>Whether operations that the entity has no method for go to methods of the state. Default: false.</summary>
    protected virtual bool AllowStateDispatch => false;

    protected TState State { get; set; } = default!;

    protected TaskEntityContext Context { get; private set; } = null!;

    public ValueTask<object?> RunAsync(TaskEntityOperation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        Context = operation.Context;
        object? stored = operation.State.GetState(typeof(TState));
        State = stored is null ? InitializeState(operation) : (TState)stored;

        EntityMethod? method = EntityMethod.Find(GetType(), operation.Name);
        if (method is not null)
        {
            return RunMethodAsync(method, this, operation);
        }

        if (AllowStateDispatch)
        {
            object target = State
                ?? throw new InvalidOperationException("Attempting to dispatch to state, but entity state is null.");
            method = EntityMethod.Find(target.GetType(), operation.Name);
            if (method is not null)
            {
                return RunMethodAsync(method, target, operation);
            }
        }

        if (string.Equals(operation.Name, "delete", StringComparison.OrdinalIgnoreCase))
        {
            operation.State.SetState(null);
            return default;
        }

        throw new NotSupportedException($"No suitable method found for entity operation '{operation}'.");
    }

    /// <summary>The state of an entity that has none yet.</summary>
    protected virtual TState InitializeState(TaskEntityOperation entityOperation) =>
        Nullable.GetUnderlyingType(typeof(TState)) is { } underlying
            ? (TState)Activator.CreateInstance(underlying)!
            : Activator.CreateInstance<TState>();

    private async ValueTask<object?> RunMethodAsync(EntityMethod method, object target, TaskEntityOperation operation)
    {
        object? result = await method.InvokeAsync(target, operation);
        operation.State.SetState(State);
        return result;
    }
}
