using FunctionsBroker.FunctionsHost.App;
using FunctionsBroker.FunctionsHost.Protocol;
using FunctionsBroker.FunctionsHost.Worker;
using Microsoft.Azure.WebJobs;

namespace FunctionsBroker.FunctionsHost.Jobs;

/// <summary>Runs functions in the worker that is ready, or in the next one that is.</summary>
internal sealed class FunctionInvoker(FunctionApp app, WorkerSupervisor workers)
{
    private readonly Dictionary<string, FunctionDefinition> _functions = app.Functions.ToDictionary(function => function.Name);
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string _durableClient = "";

    /// <summary>Where queue messages go that a function returns: a function of the job host.</summary>
    public Func<FunctionBinding, IReadOnlyList<string>, CancellationToken, Task> SendMessagesAsync { get; set; } =
        static (binding, _, _) => throw new InvalidOperationException($"The job host, which sends to {binding.Name}, is not built yet.");

    /// <summary>What the worker is given for a Durable client; known once the job host is built.</summary>
    public void SetDurableClient(string json)
    {
        _durableClient = json;
        _connected.TrySetResult();
    }

    /// <summary>The worker that takes invocations; waits for it, and until its functions can be given a Durable client.</summary>
    public async Task<WorkerChannel> ReadyAsync(CancellationToken cancellationToken)
    {
        await _connected.Task.WaitAsync(cancellationToken);
        return await workers.ReadyAsync(cancellationToken);
    }

    /// <summary>Runs a function that the job host triggers, and sends the messages that it returns.</summary>
    /// <returns>What the function returns.</returns>
    public async Task<object?> InvokeAsync(string name, object trigger, IReadOnlyDictionary<string, object?> bindingData, CancellationToken cancellationToken)
    {
        var function = _functions[name];
        var worker = await ReadyAsync(cancellationToken);
        var request = CreateRequest(function, TypedDataConverter.ToTypedData(trigger));
        // "sys" holds services of the job host.
        foreach (var (key, value) in bindingData.Where(pair => pair.Value is not null && !pair.Key.Equals("sys", StringComparison.OrdinalIgnoreCase)))
        {
            request.TriggerMetadata[key] = TypedDataConverter.ToTypedData(value);
        }

        var response = await worker.InvokeAsync(request, cancellationToken);
        await SendOutputsAsync(function, response, cancellationToken);
        return TypedDataConverter.FromTypedData(response.ReturnValue);
    }

    /// <summary>Makes the request to run a function, with all that it binds to but the trigger's metadata.</summary>
    public InvocationRequest CreateRequest(FunctionDefinition function, TypedData trigger)
    {
        var request = new InvocationRequest { FunctionId = function.Name, InvocationId = Guid.NewGuid().ToString() };
        request.InputData.Add(new ParameterBinding { Name = function.Trigger.Name, Data = trigger });
        foreach (var client in function.DurableClients)
        {
            request.InputData.Add(new ParameterBinding { Name = client.Name, Data = new TypedData { String = _durableClient } });
        }

        return request;
    }

    /// <summary>Sends what a function has returned for its queue outputs.</summary>
    public async Task SendOutputsAsync(FunctionDefinition function, InvocationResponse response, CancellationToken cancellationToken)
    {
        foreach (var output in function.QueueOutputs)
        {
            // The value of the method itself is named $return; those of its result's properties have the property's name.
            var data = output.Name == "$return" ? response.ReturnValue : response.OutputData.FirstOrDefault(item => item.Name == output.Name)?.Data;
            string[] messages = [.. TypedDataConverter.ToMessages(data)];
            if (messages.Length > 0)
            {
                await SendMessagesAsync(output, messages, cancellationToken);
            }
        }
    }
}

/// <summary>Where the methods lead that the job host triggers: they are static, and so is this.</summary>
public static class FunctionBridge
{
    private static FunctionInvoker? s_invoker;

    internal static void Connect(FunctionInvoker invoker) => s_invoker = invoker;

    /// <summary>A function whose trigger takes a result: orchestrations, entities, activities.</summary>
    public static Task<object?> CallAsync(string function, object trigger, Binder binder, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(binder);
        return s_invoker!.InvokeAsync(function, trigger, binder.BindingData, cancellationToken);
    }

    /// <summary>A function whose trigger takes none.</summary>
    public static Task RunAsync(string function, object trigger, Binder binder, CancellationToken cancellationToken) =>
        CallAsync(function, trigger, binder, cancellationToken);
}
