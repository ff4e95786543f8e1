using FunctionsBroker.SessionHost.Lifetime;
using FunctionsBroker.SessionHost.Pool;

namespace FunctionsBroker.SessionHost.Api;

/// <summary>Tells whoever watches over the host how it is. Open to everybody, and says nothing private.</summary>
internal static class HealthEndpoint
{
    /// <summary>Whether the host lives.</summary>
    public static IResult Live(SessionPool pool) => Results.Text(pool.IsDraining ? "draining" : "ok");

    /// <summary>Whether it takes turns: not while it drains, nor when the storage has not taken its heartbeat of late.</summary>
    public static IResult Ready(SessionPool pool, BeatClock beat) =>
        (pool.IsDraining, beat.IsCurrent) switch
        {
            (true, _) => Results.Text("draining", statusCode: StatusCodes.Status503ServiceUnavailable),
            (_, false) => Results.Text("storage unreachable", statusCode: StatusCodes.Status503ServiceUnavailable),
            _ => Results.Text("ready"),
        };
}
