using FunctionsBroker.SessionHost.Turns;

namespace FunctionsBroker.SessionHost.Pool;

/// <summary>Closes processes that nobody has used for a while, and forgets failures that are long past. The processes' sessions are kept and resumed by the next turn.</summary>
internal sealed class IdleSweep(SessionPool pool, Breakers breakers, TimeSpan processIdle, TimeProvider time)
    : PeriodicCheck(IntervalFor(processIdle), time)
{
    private const int SweepsPerLimit = 4;
    private static readonly TimeSpan s_longestInterval = TimeSpan.FromSeconds(15);

    protected override void Check()
    {
        pool.CloseIdle(processIdle);
        breakers.Prune();
    }

    private static TimeSpan IntervalFor(TimeSpan processIdle) =>
        processIdle / SweepsPerLimit is var interval && interval < s_longestInterval ? interval : s_longestInterval;
}
