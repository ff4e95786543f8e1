using FunctionsBroker.Local.Functions.Tests.Harness;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Entities;

namespace FunctionsBroker.Local.Functions.Tests.Durable;

internal sealed class InjectedEntity(Signals signals) : TaskEntity<int>
{
    public void Set(int value)
    {
        State = value;
        signals.Note($"set {value}");
    }

    [Function("InjectedEntity")]
    public static Task DispatchAsync([EntityTrigger] TaskEntityDispatcher dispatcher) => dispatcher.DispatchAsync<InjectedEntity>();

    [Function("SetEntity")]
    public static async Task<IResult> SetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "set/{value}")] HttpRequest request, int value, [DurableClient] DurableTaskClient client)
    {
        await client.Entities.SignalEntityAsync(new EntityInstanceId("InjectedEntity", "k"), "Set", value, cancellation: request.HttpContext.RequestAborted);
        return Results.Accepted();
    }

    [Function("OtherHub")]
    public static IResult OtherHub(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, [DurableClient(TaskHub = "%Hub%")] DurableTaskClient client) =>
        Results.Text(client.Name);
}
