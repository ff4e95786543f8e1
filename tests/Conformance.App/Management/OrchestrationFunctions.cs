using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace FunctionsBroker.Conformance.App.Management;

/// <summary>Starts and reads orchestrations, as an app's own endpoints would.</summary>
public static class OrchestrationFunctions
{
    [Function("StartRun")]
    public static Task<IResult> StartAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "runs/{orchestrator}")] HttpRequest request,
        string orchestrator,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => Answer.OfAsync(async () =>
        {
            var input = await request.ReadFromJsonAsync<JsonElement>(cancellationToken);
            var options = new StartOrchestrationOptions(
                request.Query["id"] is [{ Length: > 0 } id] ? id : null,
                request.Query["startAt"] is [{ Length: > 0 } startAt] ? DateTimeOffset.Parse(startAt, provider: null) : null)
            {
                Version = request.Query["version"] is [{ Length: > 0 } version] ? new TaskVersion(version) : null,
            };
            return await client.ScheduleNewOrchestrationInstanceAsync(
                orchestrator, input.ValueKind is JsonValueKind.Null ? null : input, options, cancellationToken);
        });

    [Function("GetRun")]
    public static Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "runs/{id}")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => Answer.OfAsync(async () =>
            Described.Of(await client.GetInstanceAsync(id, getInputsAndOutputs: !request.Query.ContainsKey("bare"), cancellationToken)));

    [Function("WaitForRunStart")]
    public static Task<IResult> WaitForStartAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "runs/{id}/started")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => Answer.OfAsync(async () =>
            Described.Of(await client.WaitForInstanceStartAsync(id, getInputsAndOutputs: true, cancellationToken)));

    [Function("WaitForRun")]
    public static Task<IResult> WaitAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "runs/{id}/completed")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => Answer.OfAsync(async () =>
            Described.Of(await client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, cancellationToken)));

    [Function("ListRuns")]
    public static Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "queries/runs")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => Answer.OfAsync(async () =>
        {
            var query = await request.ReadFromJsonAsync<OrchestrationQuery>(cancellationToken);
            var pages = new List<object>();
            await foreach (var page in client.GetAllInstancesAsync(query).AsPages())
            {
                pages.Add(new { runs = page.Values.Select(Described.Of), page.ContinuationToken });
            }

            return pages;
        });
}
