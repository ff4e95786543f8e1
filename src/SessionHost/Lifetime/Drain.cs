using FunctionsBroker.SessionHost.Outcomes;
using FunctionsBroker.SessionHost.Pool;

namespace FunctionsBroker.SessionHost.Lifetime;

/// <summary>Ends the host's work in order when it is told to stop: before the listener closes, so that callers get answers meanwhile.</summary>
internal sealed partial class Drain(
    SessionPool pool,
    Callbacks callbacks,
    Heartbeat heartbeat,
    HostEnd end,
    TimeSpan shutdownTimeout,
    TimeProvider time,
    ILogger<Drain> logger) : IHostedLifecycleService
{
    /// <summary>For what follows the wait for running turns: interrupts, process ends, and the writing of outcomes.</summary>
    public static readonly TimeSpan Afterwards = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan s_callbackPatience = TimeSpan.FromSeconds(2);

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        LogDraining(logger, pool.RunningTurns, pool.LiveProcesses);
        pool.BeginDrain();
        await heartbeat.BeatAsync(cancellationToken);
        var drained = pool.DrainAsync(shutdownTimeout);
        try
        {
            await drained.WaitAsync(shutdownTimeout + Afterwards, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            LogAborting(logger);
            end.Abort();
            await drained;
        }

        await callbacks.FlushAsync(s_callbackPatience);
        await heartbeat.LeaveAsync(cancellationToken);
        LogDrained(logger);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(EventIds.Draining, LogLevel.Information, "The host is to stop: {RunningTurns} turns run, {Processes} processes live")]
    private static partial void LogDraining(ILogger logger, int runningTurns, int processes);

    [LoggerMessage(EventIds.Aborting, LogLevel.Warning, "The host stops without having written everything")]
    private static partial void LogAborting(ILogger logger);

    [LoggerMessage(EventIds.Drained, LogLevel.Information, "All turns and processes have ended")]
    private static partial void LogDrained(ILogger logger);
}
