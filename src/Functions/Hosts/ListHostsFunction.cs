using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Functions.Http;
using FunctionsBroker.Sessions.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsBroker.Functions.Hosts;

/// <summary><c>GET /api/hosts</c>: the session hosts with their load.</summary>
internal sealed class ListHostsFunction(HostDirectory hosts, TimeProvider time)
{
    [Function("ListHosts")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/hosts")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var known = await hosts.ListAsync(cancellationToken);
        var list = new HostList
        {
            Hosts = [.. known.OrderBy(host => host.HostId, StringComparer.Ordinal).Select(host => ToResource(host, now))],
        };
        return new JsonResult<HostList>(list, ContractsJsonContext.Default.HostList, StatusCodes.Status200OK);
    }

    internal static HostResource ToResource(HostRecord host, DateTimeOffset now) => new()
    {
        HostId = host.HostId,
        Status = !host.IsAliveAt(now) ? HostStatus.Dead : host.Draining ? HostStatus.Draining : HostStatus.Alive,
        Url = host.Url,
        StartedAt = host.StartedAt,
        HeartbeatAt = host.HeartbeatAt,
        RunningTurns = host.RunningTurns,
        LiveProcesses = host.LiveProcesses,
        MaxSessions = host.MaxSessions,
        Profiles = host.Profiles,
    };
}
