using Azure;
using Azure.Data.Tables;
using Azure.Storage.Queues.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Client.Entities;
using Microsoft.DurableTask.Entities;

namespace FunctionsBroker.Local.Functions.Tests.Sample;

/// <summary>HTTP and queue functions of an app whose answers were recorded on the published packages and the real engine.</summary>
public sealed class SampleFunctions(TableServiceClient tables)
{
    [Function("Start")]
    public static async Task<IActionResult> StartAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "runs/{id}")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var order = await request.ReadFromJsonAsync<SampleOrder>(cancellationToken);
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync("Main", order, new StartOrchestrationOptions(id), cancellationToken);
            return new AcceptedResult($"/api/runs/{id}", new { id });
        }
        catch (Exception exception)
        {
            return new ConflictObjectResult($"{exception.GetType().FullName}: {exception.Message}");
        }
    }

    [Function("Get")]
    public static async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "runs/{id}")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client)
    {
        var run = await client.GetInstanceAsync(id, getInputsAndOutputs: true, request.HttpContext.RequestAborted);
        return run is null
            ? Results.NotFound()
            : Results.Json(new { status = run.RuntimeStatus.ToString(), run.SerializedOutput, run.SerializedCustomStatus, fail = run.FailureDetails?.ToString() });
    }

    [Function("Raise")]
    public static async Task<IResult> RaiseAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "runs/{id}/reply")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client)
    {
        try
        {
            await client.RaiseEventAsync(id, "Reply", new SampleReply("hi"), request.HttpContext.RequestAborted);
            return Results.Accepted();
        }
        catch (Exception exception)
        {
            return Results.Problem($"{exception.GetType().FullName}: {exception.Message}");
        }
    }

    [Function("Entity")]
    public static async Task<IResult> EntityAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "counter/{key}")] HttpRequest request,
        string key,
        [DurableClient] DurableTaskClient client)
    {
        var entity = await client.Entities.GetEntityAsync<SampleCounterState>(
            new EntityInstanceId("Counter", key), cancellation: request.HttpContext.RequestAborted);
        var all = 0;
        await foreach (var _ in client.Entities.GetAllEntitiesAsync(new EntityQuery { InstanceIdStartsWith = "@counter" }))
        {
            all++;
        }

        return Results.Json(new { id = entity?.Id.ToString(), entity?.State?.Value, all });
    }

    [Function("Forward")]
    [QueueOutput("%Out%")]
    public static string Forward([QueueTrigger("%In%")] QueueMessage message) => message.MessageText + "!";

    [Function("Measure")]
    public static Task MeasureAsync([QueueTrigger("%Out%")] string text, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        client.Entities.SignalEntityAsync(new EntityInstanceId("Counter", "q"), "Add", text.Length, cancellation: cancellationToken);

    [Function("Table")]
    public async Task<IResult> TableAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "table")] HttpRequest request, CancellationToken cancellationToken)
    {
        var table = tables.GetTableClient("sampletable");
        await table.CreateIfNotExistsAsync(cancellationToken);
        var row = new TableEntity("p", "r") { ["A"] = 1, ["L"] = 5L, ["D"] = DateTimeOffset.UnixEpoch, ["S"] = "x" };
        await table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
        var read = (await table.GetEntityAsync<TableEntity>("p", "r", cancellationToken: cancellationToken)).Value;
        var old = read.ETag;
        read["A"] = 2;
        await table.UpdateEntityAsync(read, old, TableUpdateMode.Merge, cancellationToken);

        var stale = await FailureOfAsync(() => table.UpdateEntityAsync(read, old, TableUpdateMode.Merge, cancellationToken));
        var dup = await FailureOfAsync(() => table.AddEntityAsync(row, cancellationToken));
        var tx = await FailureOfAsync(() => table.SubmitTransactionAsync(
            [new(TableTransactionActionType.UpsertReplace, new TableEntity("p", "z")), new(TableTransactionActionType.Add, row)], cancellationToken));
        var n = 0;
        await foreach (var _ in table.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {"p"} and A ge {2}"), cancellationToken: cancellationToken))
        {
            n++;
        }

        var none = await table.GetEntityIfExistsAsync<TableEntity>("p", "no", cancellationToken: cancellationToken);
        return Results.Json(new { stale, dup, tx, n, has = none.HasValue, types = read.Select(column => $"{column.Key}:{column.Value?.GetType().Name}") });
    }

    private static async Task<string> FailureOfAsync(Func<Task> action)
    {
        try
        {
            await action();
            return "?";
        }
        catch (TableTransactionFailedException exception)
        {
            return $"{exception.Status} {exception.ErrorCode} idx={exception.FailedTransactionActionIndex}";
        }
        catch (RequestFailedException exception)
        {
            return $"{exception.Status} {exception.ErrorCode}";
        }
    }
}
