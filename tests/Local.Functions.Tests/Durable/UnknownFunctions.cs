using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Entities;

namespace FunctionsBroker.Local.Functions.Tests.Durable;

/// <summary>Functions that use names which no function has, or none that is on.</summary>
internal static class UnknownFunctions
{
    [Function("Run")]
    public static async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "run/{name}")] HttpRequest request, string name, [DurableClient] DurableTaskClient client)
    {
        try
        {
            var id = await client.ScheduleNewOrchestrationInstanceAsync(name);
            var done = await client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true);
            return Results.Text($"{done.RuntimeStatus} {done.FailureDetails}");
        }
        catch (ArgumentException exception)
        {
            return Results.Text($"{exception.GetType().Name} {exception.Message}");
        }
    }

    [Function("CallsUnknownActivity")]
    public static Task CallsUnknownActivityAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        context.CallActivityAsync("NoSuchActivity");

    [Function("CallsUnknownOrchestrator")]
    public static Task CallsUnknownOrchestratorAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        context.CallSubOrchestratorAsync("NoSuchOrchestrator");

    [Function("CallsUnknownEntity")]
    public static Task CallsUnknownEntityAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        context.Entities.CallEntityAsync(new EntityInstanceId("NoSuchEntity", "key"), "get");

    [Function("CallsDisabledActivity")]
    public static Task CallsDisabledActivityAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        context.CallActivityAsync("DisabledActivity");

    [Function("DisabledActivity")]
    public static string DisabledActivity([ActivityTrigger] string? input) => input ?? "";

    [Function("AllowedNowhere")]
    public static Task AllowedNowhereAsync([OrchestrationTrigger] TaskOrchestrationContext context) => Task.CompletedTask;
}
