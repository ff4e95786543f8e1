using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Functions.Http;
using FunctionsBroker.Functions.OpenAi.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsBroker.Functions.OpenAi;

/// <summary><c>GET /v1/models</c>: the profiles.</summary>
internal sealed class ListModelsFunction(ModelCatalogue models, OpenAiKeys keys)
{
    [Function("ListModels")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "v1/models")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        if (!keys.Allow(request))
        {
            return new OpenAiErrorResult(ProblemCatalogue.Unauthorized());
        }

        var list = new ModelList(await models.ListAsync(cancellationToken));
        return new JsonResult<ModelList>(list, OpenAiJsonContext.Default.ModelList, StatusCodes.Status200OK);
    }
}
