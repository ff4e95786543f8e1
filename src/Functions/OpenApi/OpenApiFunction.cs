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
