using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.ClaudeCode.Processes;

/// <summary>Ends every process that this one has started, should this one be killed.</summary>
/// <remarks>
/// A small shell beside us waits for the end of its stdin, which comes with our end, however we end. It then kills what
/// carries our mark, and so also what a tool has left in a session of its own; a parent-death signal would reach only
/// the direct children. It is started again when somebody kills it.
/// </remarks>
public sealed partial class ProcessGuardian(TimeProvider time, ILogger<ProcessGuardian> logger) : IAsyncDisposable
{
    /// <summary>What the shell is called in the list of processes.</summary>
    public const string Name = "functions-broker-guardian";

    private const string Script =
        """
        exec >/dev/null 2>&1
        trap '' HUP INT TERM
        cat
        tries=0
        while pids=$(grep -lsaz "^$1" /proc/[0-9]*/environ | cut -d/ -f3) && [ -n "$pids" ] && [ $tries -lt 100 ]; do
          tries=$((tries + 1))
          kill -9 $pids
        done
        """;

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _disposing = new();
    private Process? _shell;
    private Task _watching = Task.CompletedTask;

    /// <summary>Begins to guard: from now on, whatever <see cref="CliProcess"/> starts.</summary>
    public void Start()
    {
        _shell = StartShell();
        _watching = WatchAsync(_shell);
    }

    /// <summary>Ends the shell without having it kill anything: who stops in order has stopped its processes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposing.IsCancellationRequested)
        {
            return;
        }

        await _disposing.CancelAsync();
        if (_shell is { } shell)
        {
            ProcessFamily.SignalGroup(shell.Id, ProcessSignal.Kill);
            await _watching;
            shell.Dispose();
        }

        _disposing.Dispose();
    }

    private async Task WatchAsync(Process shell)
    {
        while (true)
        {
            await shell.WaitForExitAsync(CancellationToken.None);
            try
            {
                // Only where it was killed; and not in a hurry, should it be killed each time.
                await Task.Delay(s_pause, time, _disposing.Token);
            }
            catch (OperationCanceledException) when (_disposing.IsCancellationRequested)
            {
                return;
            }

            LogRestarted(logger);
            shell.Dispose();
            _shell = shell = StartShell();
        }
    }

    private static Process StartShell()
    {
        // A session of its own: what is sent to our process group is not for it. Nor may it hold our output open, or
        // whoever reads that would wait for it too.
        var start = new ProcessStartInfo("setsid") { RedirectStandardInput = true };
        foreach (var argument in (string[])["sh", "-c", Script, Name, $"{ProcessFamily.MarkVariable}={ProcessFamily.RunMark}"])
        {
            start.ArgumentList.Add(argument);
        }

        var path = Environment.GetEnvironmentVariable("PATH");
        start.Environment.Clear();
        start.Environment["PATH"] = path;
        return ProcessSpawner.Start(start);
    }

    [LoggerMessage(EventIds.GuardianRestarted, LogLevel.Warning, "The guardian of the host's processes was gone and is started again")]
    private static partial void LogRestarted(ILogger logger);
}
