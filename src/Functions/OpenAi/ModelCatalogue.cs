using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Functions.Hosts;
using FunctionsBroker.Functions.Http;
using FunctionsBroker.Functions.OpenAi.Wire;
using Microsoft.AspNetCore.Http;

namespace FunctionsBroker.Functions.OpenAi;

/// <summary>Shows the profiles of the hosts that are up, as models.</summary>
internal sealed class ModelCatalogue(HostDirectory hosts, TimeProvider time)
{
    /// <summary><c>GET /v1/models</c>: the profiles, by name.</summary>
    public async Task<IResult> ListAsync(CancellationToken cancellationToken) =>
        new JsonResult<ModelList>(new ModelList(await ListModelsAsync(cancellationToken)), OpenAiJsonContext.Default.ModelList, StatusCodes.Status200OK);

    /// <summary><c>GET /v1/models/{model}</c>: a profile.</summary>
    public async Task<IResult> FindAsync(string model, CancellationToken cancellationToken)
    {
        var models = await ListModelsAsync(cancellationToken);
        return models.FirstOrDefault(entry => entry.Id == model) is { } found
            ? new JsonResult<ModelEntry>(found, OpenAiJsonContext.Default.ModelEntry, StatusCodes.Status200OK)
            : new OpenAiErrorResult(ProblemCatalogue.UnknownProfile(model, models.Select(entry => entry.Id)));
    }

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
