using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Client.Entities;
using Microsoft.DurableTask.Entities;

namespace FunctionsBroker.Conformance.App.Management;

/// <summary>Signals and reads entities, as an app's own endpoints would.</summary>
public static class EntityFunctions
{
    [Function("SignalEntity")]
    public static Task<IResult> SignalAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "entities/{name}/{key}/{operation}")] HttpRequest request,
        string name,
        string key,
        string operation,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => Answer.OfAsync(async () =>
        {
            var input = await request.ReadFromJsonAsync<JsonElement>(cancellationToken);
            SignalEntityOptions? options = request.Query["at"] is [{ Length: > 0 } at]
                ? new SignalEntityOptions { SignalTime = DateTimeOffset.Parse(at, provider: null) }
                : null;
            await client.Entities.SignalEntityAsync(
                new EntityInstanceId(name, key), operation, input.ValueKind is JsonValueKind.Null ? null : input, options, cancellationToken);
        });

    [Function("GetEntity")]
    public static Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "entities/{name}/{key}")] HttpRequest request,
        string name,
        string key,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => Answer.OfAsync(async () =>
            Describe(await client.Entities.GetEntityAsync(
                new EntityInstanceId(name, key), includeState: !request.Query.ContainsKey("bare"), cancellationToken)));

    [Function("ListEntities")]
    public static Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "queries/entities")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => Answer.OfAsync(async () =>
        {
            var query = await request.ReadFromJsonAsync<EntityQuery>(cancellationToken);
            var pages = new List<object>();
            await foreach (var page in client.Entities.GetAllEntitiesAsync(query).AsPages())
            {
                pages.Add(new { entities = page.Values.Select(Describe), page.ContinuationToken });
            }

            return pages;
        });

    [Function("CleanEntities")]
    public static Task<IResult> CleanAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "queries/clean-entities")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => Answer.OfAsync(() =>
            client.Entities.CleanEntityStorageAsync(CleanEntityStorageRequest.Default, continueUntilComplete: true, cancellationToken));

    private static object? Describe(EntityMetadata? entity) => entity is null ? null : new
    {
        id = entity.Id.ToString(),
        entity.Id.Name,
        entity.Id.Key,
        entity.LastModifiedTime,
        entity.IncludesState,
        entity.LockedBy,
        state = entity.IncludesState ? JsonElement.Parse(entity.State.Value) : (JsonElement?)null,
    };
}
