using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsBroker.PlatformApp;

/// <summary>A timer of every second, and what it has counted.</summary>
public sealed class TimerFunctions
{
    private static int s_ticks;

    [Function("Tick")]
    public void Tick([TimerTrigger("* * * * * *", RunOnStartup = false, UseMonitor = false)] TimerInfo timer) => Interlocked.Increment(ref s_ticks);

    /// <summary>How often the timer has run in this worker.</summary>
    [Function("Ticks")]
    public IResult Ticks([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "ticks")] HttpRequest request) =>
        Results.Json(Volatile.Read(ref s_ticks));

    /// <summary>A schedule that is kept in storage, and that never comes due in a test.</summary>
    [Function("Yearly")]
    public void Yearly([TimerTrigger("0 0 0 1 1 *")] TimerInfo timer)
    {
    }
}
