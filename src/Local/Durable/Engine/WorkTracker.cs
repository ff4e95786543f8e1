using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Local.Durable.Engine;

/// <summary>Counts work that runs on its own, so that it can be waited for.</summary>
internal sealed partial class WorkTracker(ILogger logger)
{
    private readonly Lock _lock = new();
    private int _running;
    private TaskCompletionSource? _drained;

    /// <summary>Runs <paramref name="work"/> on the thread pool. It reports its own failures; one that it lets out is a bug.</summary>
    public void Start(Func<Task> work)
    {
        lock (_lock)
        {
            _running++;
        }

        _ = Task.Run(() => RunAsync(work));
    }

    /// <summary>Ends when nothing runs.</summary>
    public Task DrainAsync()
    {
        lock (_lock)
        {
            if (_running == 0)
            {
                return Task.CompletedTask;
            }

            _drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _drained.Task;
        }
    }

    private async Task RunAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception exception)
        {
            LogBug(exception);
        }
        finally
        {
            lock (_lock)
            {
                if (--_running == 0)
                {
                    _drained?.TrySetResult();
                    _drained = null;
                }
            }
        }
    }

    [LoggerMessage(30, LogLevel.Critical, "The durable engine failed in a way that it should not; the work is lost until a restart.")]
    private partial void LogBug(Exception exception);
}
