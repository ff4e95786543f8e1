using FunctionsBroker.FunctionsHost.App;

namespace FunctionsBroker.FunctionsHost.Worker;

/// <summary>Keeps one worker running: starts it, notices its end, starts the next one after a pause that grows.</summary>
internal sealed partial class WorkerSupervisor(FunctionApp app, ILoggerFactory loggers, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan s_shortestPause = TimeSpan.FromSeconds(0.25);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(10);

    // One that has run so long is no longer one that fails at its start.
    private static readonly TimeSpan s_stable = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_startLimit = TimeSpan.FromMinutes(2);

    private readonly ILogger _log = loggers.CreateLogger("Host.Worker");
    private readonly CancellationTokenSource _stopping = new();
    private TaskCompletionSource<WorkerChannel> _current = NewCurrent();
    private WorkerChannel? _channel;
    private WorkerProcess? _process;
    private Task _running = Task.CompletedTask;

    /// <param name="rpc">Where the worker service listens.</param>
    /// <returns>A task that fails when the first worker ends before it is ready, or when the supervision breaks.</returns>
    public Task StartAsync(Uri rpc) => _running = Task.Run(() => RunAsync(rpc));

    /// <summary>The worker that takes invocations; waits while there is none.</summary>
    public async Task<WorkerChannel> ReadyAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var current = Volatile.Read(ref _current);
            var channel = await current.Task.WaitAsync(cancellationToken);
            if (!channel.Ended.IsCompleted)
            {
                return channel;
            }

            Renew(current);
        }
    }

    /// <summary>The channel of the worker with this id; null where it is not the one that runs.</summary>
    public WorkerChannel? Find(string? workerId) => Volatile.Read(ref _channel) is { } channel && channel.WorkerId == workerId ? channel : null;

    /// <summary>Ends the worker: asks it to, and kills it after the grace.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        await _stopping.CancelAsync();
        if (Volatile.Read(ref _process) is { } process)
        {
            Volatile.Read(ref _channel)?.Terminate(grace);
            try
            {
                await process.Completion.WaitAsync(grace, time);
            }
            catch (TimeoutException)
            {
                LogKilled(grace);
                process.Kill();
            }
        }

        try
        {
            await _running;
        }
        catch (HostException)
        {
            // Whoever started it has heard of this.
        }
    }

    public void Dispose() => _stopping.Dispose();

    private static TaskCompletionSource<WorkerChannel> NewCurrent() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Has callers wait for the next worker where this one was there; it may be noticed in two places that it has gone.</summary>
    private void Renew(TaskCompletionSource<WorkerChannel> current)
    {
        if (current.Task.IsCompleted)
        {
            Interlocked.CompareExchange(ref _current, NewCurrent(), current);
        }
    }

    private async Task RunAsync(Uri rpc)
    {
        var pause = TimeSpan.Zero;
        var everReady = false;
        while (!_stopping.IsCancellationRequested)
        {
            var started = time.GetTimestamp();
            var channel = new WorkerChannel(Guid.NewGuid().ToString("N"), app, loggers);
            Volatile.Write(ref _channel, channel);
            var process = await WorkerProcess.StartAsync(app, rpc, channel.WorkerId, loggers.CreateLogger("Worker.Console"));
            Volatile.Write(ref _process, process);
            everReady |= await BecomesReadyAsync(channel, process);
            if (channel.Ready.IsCompletedSuccessfully)
            {
                LogReady(process.Id, (long)time.GetElapsedTime(started).TotalMilliseconds);
                Volatile.Read(ref _current).TrySetResult(channel);
            }

            var code = await process.Completion;
            Volatile.Write(ref _process, null);
            Renew(Volatile.Read(ref _current));
            channel.End(new WorkerProcessExitException($"The worker process ended with code {code}."));
            if (_stopping.IsCancellationRequested)
            {
                return;
            }

            if (!everReady)
            {
                throw new HostException(ExitCodes.Worker, $"the worker of {app.Folder} ended with code {code} before it was ready; what it wrote is in the log above");
            }

            pause = time.GetElapsedTime(started) > s_stable ? s_shortestPause : NextPause(pause);
            LogEnded(process.Id, code, (long)pause.TotalMilliseconds);
            try
            {
                await Task.Delay(pause, time, _stopping.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task<bool> BecomesReadyAsync(WorkerChannel channel, WorkerProcess process)
    {
        try
        {
            await Task.WhenAny(channel.Ready, process.Completion).WaitAsync(s_startLimit, time);
        }
        catch (TimeoutException)
        {
            LogNotReady(process.Id, s_startLimit);
            process.Kill();
        }

        // A worker whose stream has ended takes no work any more, whether it ends by itself or not.
        _ = KillAtTheEndAsync(channel, process);
        return channel.Ready.IsCompletedSuccessfully;
    }

    private async Task KillAtTheEndAsync(WorkerChannel channel, WorkerProcess process)
    {
        await channel.Ended;
        if (!_stopping.IsCancellationRequested)
        {
            process.Kill();
        }
    }

    private static TimeSpan NextPause(TimeSpan pause) =>
        pause == TimeSpan.Zero ? s_shortestPause : pause * 2 < s_longestPause ? pause * 2 : s_longestPause;

    [LoggerMessage(EventIds.WorkerReady, LogLevel.Information, "Worker {Pid} is ready after {Milliseconds} ms")]
    private partial void LogReady(int pid, long milliseconds);

    [LoggerMessage(EventIds.WorkerEnded, LogLevel.Error, "Worker {Pid} ended with code {Code}; the next one starts in {Milliseconds} ms")]
    private partial void LogEnded(int pid, int code, long milliseconds);

    [LoggerMessage(EventIds.WorkerNotReady, LogLevel.Error, "Worker {Pid} was not ready within {Limit}; it is killed")]
    private partial void LogNotReady(int pid, TimeSpan limit);

    [LoggerMessage(EventIds.WorkerKilled, LogLevel.Warning, "The worker did not end within {Grace}; it is killed")]
    private partial void LogKilled(TimeSpan grace);
}
