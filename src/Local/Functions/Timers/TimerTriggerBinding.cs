using System.Reflection;
using FunctionsBroker.Local.Functions.Discovery;
using FunctionsBroker.Local.Functions.Invocation;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsBroker.Local.Functions.Timers;

/// <summary>Binds a timer function. Its trigger is the <see cref="TimerInfo"/>.</summary>
internal sealed class TimerTriggerBinding(FunctionDescriptor function) : TriggerBinding
{
    public override ArgumentBinder? Bind(ParameterInfo parameter) =>
        parameter == function.TriggerParameter && parameter.ParameterType == typeof(TimerInfo)
            ? static context => new ValueTask<object?>(context.Trigger)
            : null;
}
