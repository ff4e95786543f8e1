using System.Diagnostics;
using System.Text;

namespace FunctionsBroker.Cli.Processes;

/// <summary>One started process of a part, leader of its own session and process group.</summary>
/// <remarks>
/// It starts held: it waits for <see cref="Release"/> before it becomes the part's program, and ends by itself when
/// this process dies before that. So there is no moment in which it runs and nobody has it on record.
/// </remarks>
internal sealed class PartProcess : IAsyncDisposable
{
    // The part reads nothing: its standard input is the gate, and after it /dev/null.
    private const string Gate = """read -r _ || exit 1; exec "$@" </dev/null""";

    // A descendant may keep the pipes open after the part itself is gone.
    private static readonly TimeSpan s_outputGrace = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly CancellationTokenSource _outputEnd = new();
    private readonly Lock _lock = new();
    private readonly Task _output;
    private bool _disposed;

    private PartProcess(Process process, Action<string> onLine)
    {
        _process = process;
        Pid = process.Id;
        Exit = WaitForExitAsync();
        _output = Task.WhenAll(ReadAsync(process.StandardOutput, onLine), ReadAsync(process.StandardError, onLine));
    }

    public int Pid { get; }

    /// <summary>Completes with the exit code; a signal N shows as 128 + N.</summary>
    public Task<int> Exit { get; }

    /// <summary>Starts the process, held.</summary>
    /// <param name="command">What to start.</param>
    /// <param name="onLine">Gets every line of output, from several threads.</param>
    public static PartProcess Start(PartCommand command, Action<string> onLine)
    {
        var start = new ProcessStartInfo("setsid")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = command.WorkingDirectory,
        };
        string[] gate = ["sh", "-c", Gate, "sh", command.FileName];
        foreach (var argument in gate.Concat(command.Arguments))
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Clear();
        foreach (var (name, value) in command.Environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start) ?? throw new UnreachableException();
        return new PartProcess(process, onLine);
    }

    /// <summary>Lets the process become the part's program.</summary>
    public void Release()
    {
        try
        {
            _process.StandardInput.WriteLine();
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It is dead already, which Exit reports.
        }
    }

    /// <summary>Asks the process to stop, waits, then kills what is left of its group.</summary>
    /// <returns>False when it had to be killed.</returns>
    public async Task<bool> StopAsync(TimeSpan grace, TimeProvider time, CancellationToken now)
    {
        ProcessGroup.TerminateLeader(Pid);
        var stopped = true;
        try
        {
            await Exit.WaitAsync(grace, time, now);
        }
        catch (TimeoutException)
        {
            stopped = false;
        }
        catch (OperationCanceledException) when (now.IsCancellationRequested)
        {
            stopped = false;
        }

        await KillAsync();
        return stopped;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        await _output;
        lock (_lock)
        {
            _disposed = true;
            _outputEnd.Dispose();
            _process.Dispose();
        }
    }

    // Also after a polite exit: the group can outlive its leader. And the process alone, because in its first moment
    // it does not lead the group yet.
    private async Task KillAsync()
    {
        lock (_lock)
        {
            if (!_disposed)
            {
                ProcessGroup.Kill(Pid);
                _process.Kill();
            }
        }

        await Exit;
    }

    private async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync(CancellationToken.None);
        _outputEnd.CancelAfter(s_outputGrace);
        return _process.ExitCode;
    }

    private async Task ReadAsync(StreamReader reader, Action<string> onLine)
    {
        try
        {
            while (await reader.ReadLineAsync(_outputEnd.Token) is { } line)
            {
                onLine(line);
            }
        }
        catch (OperationCanceledException) when (_outputEnd.IsCancellationRequested)
        {
            // The part is gone and whoever holds its pipe says nothing of interest.
        }
    }
}
