using FunctionsBroker.SessionHost.Turns;

namespace FunctionsBroker.SessionHost.Pool;

/// <summary>Closes processes that nobody has used for a while, and forgets failures that are long past. The processes' sessions are kept and resumed by the next turn.</summary>
internal sealed class IdleSweep(SessionPool pool, Breakers breakers, TimeSpan processIdle, TimeProvider time) : BackgroundService
{
    private const int SweepsPerLimit = 4;
    private static readonly TimeSpan s_longestInterval = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var interval = processIdle / SweepsPerLimit;
        using var timer = new PeriodicTimer(interval < s_longestInterval ? interval : s_longestInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                pool.CloseIdle(processIdle);
                breakers.Prune();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops; draining closes what is left.
        }
    }
}
