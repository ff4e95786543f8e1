using FunctionsBroker.SessionHost.Lifetime;
using FunctionsBroker.SessionHost.Pool;

namespace FunctionsBroker.SessionHost.Api;

/// <summary>Tells whoever watches over the host how it is. Open to everybody, and says nothing private.</summary>
internal static class HealthEndpoint
{
    /// <summary>Whether the host lives.</summary>
    public static IResult Live(SessionPool pool) => Results.Text(pool.IsDraining ? "draining" : "ok");

    /// <summary>Whether it takes turns: not while it drains or its disk is full, nor when the storage has not taken its heartbeat of late.</summary>
    public static IResult Ready(SessionPool pool, BeatClock beat) =>
        (pool.IsDraining, beat.IsCurrent, pool.IsDiskLow) switch
        {
            (true, _, _) => Results.Text("draining", statusCode: StatusCodes.Status503ServiceUnavailable),
            (_, false, _) => Results.Text("storage unreachable", statusCode: StatusCodes.Status503ServiceUnavailable),
            (_, _, true) => Results.Text("disk full", statusCode: StatusCodes.Status503ServiceUnavailable),
            _ => Results.Text("ready"),
        };
}
