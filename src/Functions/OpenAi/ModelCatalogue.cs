using FunctionsBroker.Functions.Hosts;
using FunctionsBroker.Functions.OpenAi.Wire;

namespace FunctionsBroker.Functions.OpenAi;

/// <summary>The profiles of the hosts that are up, as models.</summary>
internal sealed class ModelCatalogue(HostDirectory hosts, TimeProvider time)
{
    /// <returns>By name.</returns>
    public async Task<IReadOnlyList<ModelEntry>> ListAsync(CancellationToken cancellationToken)
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
