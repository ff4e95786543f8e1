using System.Reflection;
using FunctionsBroker.Local.Functions.Discovery;
using FunctionsBroker.Local.Functions.Invocation;
using Microsoft.DurableTask;

namespace FunctionsBroker.Local.Functions.Durable;

/// <summary>Binds an orchestrator function: its context, and its input to any other parameter. Its trigger is the <see cref="TaskOrchestrationContext"/>.</summary>
internal sealed class OrchestrationTriggerBinding(FunctionDescriptor function) : TriggerBinding
{
    public override ArgumentBinder? Bind(ParameterInfo parameter)
    {
        if (parameter == function.TriggerParameter)
        {
            return parameter.ParameterType == typeof(TaskOrchestrationContext)
                ? static context => new ValueTask<object?>(context.Trigger)
                : null;
        }

        var read = typeof(OrchestrationTriggerBinding).GetMethod(nameof(ReadInput), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(parameter.ParameterType)
            .CreateDelegate<Func<TaskOrchestrationContext, object?>>();
        return context => new ValueTask<object?>(read((TaskOrchestrationContext)context.Trigger));
    }

    private static object? ReadInput<T>(TaskOrchestrationContext context) => context.GetInput<T>();
}
