using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Functions.Hosts;
using FunctionsBroker.Functions.Http;
using FunctionsBroker.Functions.OpenAi.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsBroker.Functions.OpenAi;

/// <summary>The calls that show the profiles of the hosts that are up, as models.</summary>
internal sealed class ModelFunctions(HostDirectory hosts, OpenAiKeys keys, TimeProvider time)
{
    /// <summary><c>GET /v1/models</c>: the profiles.</summary>
    [Function("ListModels")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "v1/models")] HttpRequest request,
        CancellationToken cancellationToken) =>
        AnswerAsync(
            request,
            models => new JsonResult<ModelList>(new ModelList(models), OpenAiJsonContext.Default.ModelList, StatusCodes.Status200OK),
            cancellationToken);

    /// <summary><c>GET /v1/models/{model}</c>: a profile.</summary>
    [Function("GetModel")]
    public Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "v1/models/{model}")] HttpRequest request,
        string model,
        CancellationToken cancellationToken) =>
        AnswerAsync(
            request,
            models => models.FirstOrDefault(entry => entry.Id == model) is { } found
                ? new JsonResult<ModelEntry>(found, OpenAiJsonContext.Default.ModelEntry, StatusCodes.Status200OK)
                : new OpenAiErrorResult(ProblemCatalogue.UnknownProfile(model, models.Select(entry => entry.Id))),
            cancellationToken);

    private async Task<IResult> AnswerAsync(
        HttpRequest request,
        Func<IReadOnlyList<ModelEntry>, IResult> answer,
        CancellationToken cancellationToken) =>
        keys.Allow(request) ? answer(await ListModelsAsync(cancellationToken)) : new OpenAiErrorResult(ProblemCatalogue.Unauthorized());

    /// <returns>By name.</returns>
    private async Task<IReadOnlyList<ModelEntry>> ListModelsAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var alive = (await hosts.ListAsync(cancellationToken)).Where(host => host.IsAliveAt(now));
        return
        [
            .. alive
                .SelectMany(host => host.Profiles.Select(profile => (Profile: profile, host.StartedAt)))
                .GroupBy(known => known.Profile, StringComparer.Ordinal)
                .OrderBy(known => known.Key, StringComparer.Ordinal)
                .Select(known => new ModelEntry(known.Key, known.Min(one => one.StartedAt).ToUnixTimeSeconds())),
        ];
    }
}
