using FunctionsBroker.SessionHost.Options;
using FunctionsBroker.SessionHost.Pool;

namespace FunctionsBroker.SessionHost.Lifetime;

/// <summary>Stops the turns of a host that is cut off from storage, or was frozen: their sessions may be another host's by now.</summary>
/// <remarks>What it may have missed it finds out before its next turn: without a current beat it trusts nothing that it remembers.</remarks>
internal sealed partial class SelfFence(
    SessionHostOptions options,
    BeatClock beat,
    SessionPool pool,
    TimeProvider time,
    ILogger<SelfFence> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            var fenced = false;
            using var timer = new PeriodicTimer(options.HeartbeatInterval / 4, time);
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (beat.IsCutOff)
                {
                    // First, so that what is missed from here on is seen by the next look.
                    beat.Settle();
                    if (!fenced)
                    {
                        LogCutOff(logger, pool.RunningTurns);
                        pool.Fence();
                    }
                }

                fenced = beat.IsCutOff;
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    [LoggerMessage(EventIds.CutOff, LogLevel.Warning, "The host's row could not be written for two intervals: its {Turns} turns are stopped and its processes closed, because other hosts may have its sessions")]
    private static partial void LogCutOff(ILogger logger, int turns);
}
