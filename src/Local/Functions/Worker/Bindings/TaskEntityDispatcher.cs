using Microsoft.DurableTask.Entities;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Hands the operation that an entity function was invoked for to the entity.</summary>
public sealed class TaskEntityDispatcher
{
    private readonly TaskEntityOperation _operation;
    private readonly FunctionContext _context;

    internal TaskEntityDispatcher(TaskEntityOperation operation, FunctionContext context)
    {
        _operation = operation;
        _context = context;
    }

    internal object? Result { get; private set; }

    /// <summary>Runs the operation on an entity.</summary>
    public Task DispatchAsync(ITaskEntity entity)
    {
        ArgumentNullException.ThrowIfNull(entity);
        return DispatchAsync(entity.RunAsync);
    }

    /// <summary>Runs the operation on an entity that is made with the invocation's services.</summary>
    public Task DispatchAsync<T>()
        where T : class, ITaskEntity
        => DispatchAsync(ActivatorUtilities.GetServiceOrCreateInstance<T>(_context.InstanceServices));

    /// <summary>Runs the operation by a function.</summary>
    public async Task DispatchAsync(Func<TaskEntityOperation, ValueTask<object?>> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Result = await handler(_operation);
    }
}
