using System.Reflection;
using FunctionsBroker.Local.Functions.Discovery;
using FunctionsBroker.Local.Functions.Invocation;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Entities;

namespace FunctionsBroker.Local.Functions.Durable;

/// <summary>Binds an entity function; its result is the operation's. Its trigger is the <see cref="TaskEntityOperation"/>.</summary>
/// <remarks>The real worker invokes an entity function once per batch of operations, this one once per operation.</remarks>
internal sealed class EntityTriggerBinding(FunctionDescriptor function) : TriggerBinding
{
    private static readonly object s_dispatcherKey = new();

    public override ArgumentBinder? Bind(ParameterInfo parameter) =>
        parameter == function.TriggerParameter && parameter.ParameterType == typeof(TaskEntityDispatcher) ? MakeDispatcher : null;

    public override Task CompleteAsync(LocalFunctionContext context)
    {
        context.Result = context.Items.TryGetValue(s_dispatcherKey, out var dispatcher) ? ((TaskEntityDispatcher)dispatcher).Result : null;
        return Task.CompletedTask;
    }

    private static ValueTask<object?> MakeDispatcher(LocalFunctionContext context)
    {
        var dispatcher = new TaskEntityDispatcher((TaskEntityOperation)context.Trigger, context);
        context.Items[s_dispatcherKey] = dispatcher;
        return new ValueTask<object?>(dispatcher);
    }
}
