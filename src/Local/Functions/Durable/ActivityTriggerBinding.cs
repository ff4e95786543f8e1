using System.Reflection;
using FunctionsBroker.Local.Functions.Discovery;
using FunctionsBroker.Local.Functions.Invocation;
using Microsoft.DurableTask;

namespace FunctionsBroker.Local.Functions.Durable;

/// <summary>Binds an activity function: its input, its context, and <c>instanceId</c>. Its trigger is an <see cref="ActivityInvocation"/>.</summary>
internal sealed class ActivityTriggerBinding(FunctionDescriptor function, DataConverter converter) : TriggerBinding
{
    private const string InstanceIdName = "instanceId";

    public override ArgumentBinder? Bind(ParameterInfo parameter)
    {
        if (parameter.ParameterType == typeof(TaskActivityContext))
        {
            return static context => new ValueTask<object?>(((ActivityInvocation)context.Trigger).Context);
        }

        if (parameter == function.TriggerParameter)
        {
            var type = parameter.ParameterType;
            var whenAbsent = type.IsValueType ? Activator.CreateInstance(type) : null;
            return context => new ValueTask<object?>(
                converter.Deserialize(((ActivityInvocation)context.Trigger).Input, type) ?? whenAbsent);
        }

        return string.Equals(parameter.Name, InstanceIdName, StringComparison.OrdinalIgnoreCase) && parameter.ParameterType == typeof(string)
            ? static context => new ValueTask<object?>(((ActivityInvocation)context.Trigger).Context.InstanceId)
            : null;
    }

    public override IReadOnlyDictionary<string, object?> GetBindingData(object trigger) =>
        new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase)
        {
            [InstanceIdName] = ((ActivityInvocation)trigger).Context.InstanceId,
        };
}
