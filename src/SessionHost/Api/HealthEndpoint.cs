using FunctionsBroker.Access;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.SessionHost.Lifetime;
using FunctionsBroker.SessionHost.Pool;

namespace FunctionsBroker.SessionHost.Api;

/// <summary>Tells whoever watches over the host how it is. Open to everybody; why it takes no turns is for those who show the key.</summary>
internal static class HealthEndpoint
{
    /// <summary>That the host lives.</summary>
    public static IResult Live() => Results.Text("ok");

    /// <summary>Whether it takes turns: not while it drains or its disk is full, nor when the storage has not taken its heartbeat of late.</summary>
    public static async Task<IResult> ReadyAsync(HttpRequest request, SessionPool pool, BeatClock beat, CallerGate gate)
    {
        var reason = (pool.IsDraining, beat.IsCurrent, pool.IsDiskLow) switch
        {
            (true, _, _) => "draining",
            (_, false, _) => "storage unreachable",
            (_, _, true) => "disk full",
            _ => null,
        };
        if (reason is null)
        {
            return Results.Text("ready");
        }

        var isKnown = await gate.AdmitsAsync(request.Headers[BrokerHeaders.HostKey], request.Headers.Authorization);
        return Results.Text(isKnown ? reason : "not ready", statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
