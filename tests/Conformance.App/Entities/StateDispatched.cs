using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Entities;

namespace FunctionsBroker.Conformance.App.Entities;

/// <summary>An entity whose state has the operations.</summary>
public sealed class StateDispatched : TaskEntity<Basket>
{
    protected override bool AllowStateDispatch => true;

    [Function(nameof(StateDispatched))]
    public static Task RunEntityAsync([EntityTrigger] TaskEntityDispatcher dispatcher) => dispatcher.DispatchAsync<StateDispatched>();
}
