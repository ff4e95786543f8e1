using Microsoft.Azure.Functions.Worker;

namespace FunctionsBroker.Conformance.App.Entities;

/// <summary>An entity written as a function, under another name than the function's.</summary>
public static class Renamed
{
    [Function("RenamedFunction")]
    public static Task RunAsync([EntityTrigger(EntityName = "Register")] TaskEntityDispatcher dispatcher) => dispatcher.DispatchAsync(operation =>
    {
        var value = operation.State.GetState<string>("empty");
        switch (operation.Name)
        {
            case "set":
                operation.State.SetState(operation.HasInput ? operation.GetInput<string>() : "no input");
                return new ValueTask<object?>((object?)value);
            case "clear":
                operation.State.SetState(null);
                return new ValueTask<object?>((object?)value);
            default:
                return new ValueTask<object?>($"{operation.Context.Id.Key} {operation.Name} {operation.State.HasState} {value}");
        }
    });
}
