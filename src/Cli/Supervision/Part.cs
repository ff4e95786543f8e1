using System.Globalization;
using FunctionsBroker.Cli.Output;
using FunctionsBroker.Cli.Processes;

namespace FunctionsBroker.Cli.Supervision;

/// <summary>One part of the broker, kept running: when its process dies, another is started.</summary>
internal sealed class Part : IAsyncDisposable
{
    private readonly PartCommand _command;
    private readonly Guardian _guardian;
    private readonly PartLog _log;
    private readonly TimeProvider _time;
    private readonly Action<string, int> _onStarted;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _run;
    private volatile PartProcess? _process;
    private volatile bool _saidReady;
    private int _starts;
    private int _disposed;

    /// <summary>Starts the part.</summary>
    /// <param name="command">What to start.</param>
    /// <param name="guardian">Stops the part should this process die.</param>
    /// <param name="log">Gets the part's output.</param>
    /// <param name="time">The clock.</param>
    /// <param name="onStarted">Called with name and process id each time before a process runs, so that they can be written down.</param>
    public Part(PartCommand command, Guardian guardian, PartLog log, TimeProvider time, Action<string, int> onStarted)
    {
        _command = command;
        _guardian = guardian;
        _log = log;
        _time = time;
        _onStarted = onStarted;
        _run = RunAsync();
    }

    public string Name => _command.Name;

    /// <summary>The process running now, or the last one; 0 before the first.</summary>
    public int Pid => _process?.Pid ?? 0;

    /// <summary>How often the part was started.</summary>
    public int Starts => Volatile.Read(ref _starts);

    /// <summary>The process running now has written the command's <see cref="PartCommand.ReadyLine"/>, where there is one.</summary>
    public bool SaidReady => _command.ReadyLine is null || _saidReady;

    /// <summary>Stops the part for good: asks, waits for the part's grace, kills.</summary>
    /// <param name="now">Kills at once.</param>
    public async Task StopAsync(CancellationToken now)
    {
        await _stopping.CancelAsync();
        if (_process is { Exit.IsCompleted: false } process
            && !await process.StopAsync(_command.StopGrace, _time, now)
            && !now.IsCancellationRequested)
        {
            _log.Write("up", string.Create(CultureInfo.InvariantCulture, $"{Name} was killed: it did not stop when asked to"));
        }

        await _run;
    }

    /// <summary>Kills what is left; to stop the part in good order call <see cref="StopAsync"/> before.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await StopAsync(new CancellationToken(canceled: true));
            _stopping.Dispose();
        }
    }

    private async Task RunAsync()
    {
        var backoff = new RestartBackoff();
        while (!_stopping.IsCancellationRequested)
        {
            var started = _time.GetTimestamp();
            var code = await RunOnceAsync();
            if (_stopping.IsCancellationRequested)
            {
                return;
            }

            var wait = backoff.After(_time.GetElapsedTime(started));
            _log.Write("up", string.Create(
                CultureInfo.InvariantCulture,
                $"{Name} ended with code {code}; it is started again in {wait.TotalSeconds:0.0} s"));
            try
            {
                await Task.Delay(wait, _time, _stopping.Token);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task<int> RunOnceAsync()
    {
        _saidReady = false;
        await using var process = PartProcess.Start(_command, Hear);
        _guardian.Watch(process.Pid);
        _process = process;
        _onStarted(Name, process.Pid);
        Interlocked.Increment(ref _starts);
        var code = -1;
        if (!_stopping.IsCancellationRequested)
        {
            process.Release();
            code = await process.Exit;
        }

        _guardian.Forget(process.Pid);
        return code;
    }

    private void Hear(string line)
    {
        _log.Write(Name, line);
        if (_command.ReadyLine is { } ready && line.StartsWith(ready, StringComparison.Ordinal))
        {
            _saidReady = true;
        }
    }
}
