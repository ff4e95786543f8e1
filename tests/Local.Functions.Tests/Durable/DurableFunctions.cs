using FunctionsBroker.Local.Functions.Tests.Harness;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Entities;

namespace FunctionsBroker.Local.Functions.Tests.Durable;

/// <summary>Durable functions whose names are not those of their methods, with every parameter they may have.</summary>
internal sealed class DurableFunctions(Signals signals)
{
    [Function("RunFunction")]
    public static async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "run")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var id = await client.ScheduleNewOrchestrationInstanceAsync("Add", new[] { 1, 2, 3 }, cancellationToken);
        var done = await client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, cancellationToken);
        return Results.Text($"{done.RuntimeStatus} {done.SerializedOutput} {id}");
    }

    [Function("AddFunction")]
    public async Task<int> AddAsync([OrchestrationTrigger(Orchestration = "Add")] TaskOrchestrationContext context, int[] numbers, FunctionContext function)
    {
        var sum = await context.CallActivityAsync<int>("Sum", numbers);
        await context.CallActivityAsync("Nothing");
        var total = new EntityInstanceId("Total", context.InstanceId);
        await context.Entities.CallEntityAsync(total, "add", sum);
        if (!context.IsReplaying)
        {
            signals.Note($"{function.FunctionDefinition.Name} {context.GetInput<int[]>()!.Length}");
        }

        return await context.Entities.CallEntityAsync<int>(total, "get");
    }

    [Function("SumFunction")]
    public int Sum(
        [ActivityTrigger(Activity = "Sum")] int[] numbers,
        string instanceId,
        TaskActivityContext activity,
        FunctionContext function,
        CancellationToken cancellationToken)
    {
        signals.Note($"{activity.Name} {activity.InstanceId == instanceId} {function.BindingContext.BindingData["InstanceId"] as string == instanceId} {cancellationToken.CanBeCanceled}");
        return numbers.Sum();
    }

    [Function("NothingFunction")]
    public static Task NothingAsync([ActivityTrigger(Activity = "Nothing")] string? input) =>
        input is null ? Task.CompletedTask : throw new ArgumentException("There is an input.", nameof(input));

    [Function("TotalFunction")]
    public static Task TotalAsync([EntityTrigger(EntityName = "Total")] TaskEntityDispatcher dispatcher) => dispatcher.DispatchAsync(operation =>
    {
        var total = operation.State.GetState<int>();
        if (operation.Name == "add")
        {
            operation.State.SetState(total + operation.GetInput<int>());
        }

        return new ValueTask<object?>(total);
    });
}
