using FunctionsBroker.Conformance.App.Observation;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Entities;

namespace FunctionsBroker.Conformance.App.Entities;

/// <summary>An entity made by the dispatcher, with a service and the default initial state.</summary>
public sealed class Injected(Journal journal) : TaskEntity<int>
{
    public int Add(int amount)
    {
        journal.Add($"injected-{Context.Id.Key}", $"{State}");
        return State += amount;
    }

    /// <summary>Instead of the operation that deletes every entity.</summary>
    public void Delete() => State = -100;

    [Function(nameof(Injected))]
    public static Task RunEntityAsync([EntityTrigger] TaskEntityDispatcher dispatcher) => dispatcher.DispatchAsync<Injected>();
}
