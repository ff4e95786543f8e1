using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Local.Functions.Hosting;

/// <summary>Starts the task hub and the listeners, and stops them in order: no new work, what runs finishes, then the hub.</summary>
internal sealed partial class FunctionsRuntimeService(FunctionsRuntime runtime, TimeProvider time, ILogger<FunctionsRuntimeService> logger)
    : IHostedLifecycleService
{
    // Together within the host's own shutdown timeout of 30 s, so that the hub still has time to stop.
    private static readonly TimeSpan s_drain = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_drainCancelled = TimeSpan.FromSeconds(5);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (runtime.Durable is { } durable)
        {
            await durable.Hub.StartAsync(cancellationToken);
        }

        foreach (var listener in runtime.Listeners)
        {
            listener.Start();
        }
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Before the web server stops, which waits for its requests.
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        runtime.HttpDrain.Begin();
        foreach (var listener in runtime.Listeners)
        {
            listener.StopIntake();
        }

        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var drained = Task.WhenAll(runtime.Listeners.Select(listener => listener.DrainAsync()));
        if (!await EndsWithinAsync(drained, s_drain, cancellationToken))
        {
            LogCancelling(s_drain);
            foreach (var listener in runtime.Listeners)
            {
                listener.CancelRunning();
            }

            if (!await EndsWithinAsync(drained, s_drainCancelled, CancellationToken.None))
            {
                LogAbandoned();
            }
        }

        if (runtime.Durable is { } durable)
        {
            await durable.Hub.StopAsync(cancellationToken);
        }
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<bool> EndsWithinAsync(Task work, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            await work.WaitAsync(limit, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    [LoggerMessage(EventId = 50, Level = LogLevel.Warning, Message = "Functions still run {Waited} after the stop; cancelling them")]
    private partial void LogCancelling(TimeSpan waited);

    [LoggerMessage(EventId = 51, Level = LogLevel.Warning, Message = "Functions ignore their cancellation; their messages will be delivered again")]
    private partial void LogAbandoned();
}
