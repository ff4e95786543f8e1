using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace FunctionsBroker.Conformance.App.Management;

/// <summary>Acts on orchestrations that exist.</summary>
public static class ControlFunctions
{
    [Function("RaiseEvent")]
    public static Task<IResult> RaiseAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "runs/{id}/events/{name}")] HttpRequest request,
        string id,
        string name,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => Answer.OfAsync(async () =>
        {
            var payload = await request.ReadFromJsonAsync<JsonElement>(cancellationToken);
            await client.RaiseEventAsync(id, name, payload.ValueKind is JsonValueKind.Null ? null : payload, cancellationToken);
        });

    [Function("Terminate")]
    public static Task<IResult> TerminateAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "runs/{id}/terminate")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => Answer.OfAsync(async () =>
        {
            var output = await request.ReadFromJsonAsync<string>(cancellationToken);
            await client.TerminateInstanceAsync(id, (object?)output, cancellationToken);
        });

    [Function("Suspend")]
    public static Task<IResult> SuspendAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "runs/{id}/suspend")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => Answer.OfAsync(() => client.SuspendInstanceAsync(id, "test", cancellationToken));

    [Function("Resume")]
    public static Task<IResult> ResumeAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "runs/{id}/resume")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => Answer.OfAsync(() => client.ResumeInstanceAsync(id, "test", cancellationToken));

    [Function("Purge")]
    public static Task<IResult> PurgeAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "runs/{id}/purge")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => Answer.OfAsync(async () =>
            (await client.PurgeInstanceAsync(id, cancellationToken)).PurgedInstanceCount);

    [Function("PurgeMany")]
    public static Task<IResult> PurgeManyAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "queries/purge")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => Answer.OfAsync(async () =>
        {
            var filter = await request.ReadFromJsonAsync<PurgeInstancesFilter>(cancellationToken);
            return (await client.PurgeAllInstancesAsync(filter!, cancellationToken)).PurgedInstanceCount;
        });
}
