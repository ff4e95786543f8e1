using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Functions.OpenAi.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsBroker.Functions.OpenApi;

/// <summary><c>GET /api/openapi.json</c>: the description of every call. Open, and says nothing private.</summary>
internal sealed class OpenApiFunction(OpenApiDocument document)
{
    [Function("OpenApi")]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/openapi.json")] HttpRequest request) =>
        Results.Bytes(document.Json, "application/json");
}

/// <summary>The OpenAPI description of every call.</summary>
/// <remarks>
/// The calls stand in <c>openapi.json</c>, written by hand. The schemas are made of the wire records as their serializers
/// see them, so they cannot differ from what is sent.
/// </remarks>
internal sealed class OpenApiDocument
{
    private const string Calls = "openapi.json";

    private readonly Lazy<ReadOnlyMemory<byte>> _json = new(() => JsonSerializer.SerializeToUtf8Bytes(Make()));

    /// <summary>In UTF-8.</summary>
    public ReadOnlyMemory<byte> Json => _json.Value;

    private static JsonObject Make()
    {
        using var calls = typeof(OpenApiDocument).Assembly.GetManifestResourceStream(typeof(OpenApiDocument), Calls)
            ?? throw new InvalidOperationException($"The assembly does not hold {Calls}.");
        var document = JsonNode.Parse(calls)!.AsObject();
        var schemas = new RecordSchemas(FindContract, FindOpenAi);
        schemas.AddReferences(document);
        document["components"]!["schemas"] = schemas.Make();
        return document;
    }

    private static JsonTypeInfo? FindContract(string name) =>
        typeof(Problem).Assembly.GetTypes().FirstOrDefault(type => type.Name == name) is { } type
            ? ContractsJsonContext.Default.GetTypeInfo(type)
            : null;

    private static JsonTypeInfo? FindOpenAi(string name) =>
        typeof(OpenAiJsonContext).Assembly.GetType($"{typeof(OpenAiJsonContext).Namespace}.{name}") is { } type
            ? OpenAiJsonContext.Default.GetTypeInfo(type)
            : null;
}
