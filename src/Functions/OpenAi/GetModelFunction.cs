using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Functions.Http;
using FunctionsBroker.Functions.OpenAi.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsBroker.Functions.OpenAi;

/// <summary><c>GET /v1/models/{model}</c>: a profile.</summary>
internal sealed class GetModelFunction(ModelCatalogue models, OpenAiKeys keys)
{
    [Function("GetModel")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "v1/models/{model}")] HttpRequest request,
        string model,
        CancellationToken cancellationToken)
    {
        if (!keys.Allow(request))
        {
            return new OpenAiErrorResult(ProblemCatalogue.Unauthorized());
        }

        var known = await models.ListAsync(cancellationToken);
        return known.FirstOrDefault(entry => entry.Id == model) is { } found
            ? new JsonResult<ModelEntry>(found, OpenAiJsonContext.Default.ModelEntry, StatusCodes.Status200OK)
            : new OpenAiErrorResult(ProblemCatalogue.UnknownProfile(model, known.Select(entry => entry.Id)));
    }
}
