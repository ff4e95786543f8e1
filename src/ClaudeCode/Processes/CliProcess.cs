using System.Diagnostics;
using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.ClaudeCode.Processes;

/// <summary>A child process that speaks in lines: the only type here that knows <see cref="Process"/>.</summary>
/// <remarks>
/// <see cref="Lines"/> has one consumer, for the whole life of the process, that never stops reading;
/// <see cref="WriteLineAsync"/> and <see cref="StopAsync"/> may be called from anywhere.
/// </remarks>
internal sealed partial class CliProcess : IAsyncDisposable
{
    /// <summary>The longest line that is kept whole: 32 MiB; the largest replies measured have 2 MB.</summary>
    public const int MaxLineBytes = 32 * 1024 * 1024;

    private const int MaxErrorLineBytes = 4 * 1024;
    private const int ErrorTailLines = 20;
    private const int LinesAhead = 64;
    private const int MaxBytesAhead = 8 * 1024 * 1024;
    private static readonly TimeSpan s_quietAfterExit = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly IDisposable? _held;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly IOutputReader _output;
    private readonly LineReader _errors;
    private readonly LineTail _errorTail = new(ErrorTailLines);
    private readonly ByteGate _ahead = new(MaxBytesAhead);
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly CancellationTokenSource _pipesAbandoned = new();
    private readonly CancellationTokenSource _disposing = new();
    private readonly Task _exited;
    private long _handedOver;
    private volatile bool _handingOver;
    private int _stopping;
    private int _disposed;

    private readonly Channel<CliLine> _lines = Channel.CreateBounded<CliLine>(
        new BoundedChannelOptions(LinesAhead) { SingleReader = true, SingleWriter = true });

    private CliProcess(Process process, string mark, CliLaunch launch, TimeProvider time, ILogger logger)
    {
        _process = process;
        _held = launch.Held;
        _time = time;
        _logger = logger;
        Identity = ProcessIdentity.Of(process.Id, mark);
        StartedAt = time.GetUtcNow();
        _output = launch.Output == OutputCut.Chunks
            ? new ChunkReader(process.StandardOutput.BaseStream)
            : new LineReader(process.StandardOutput.BaseStream, MaxLineBytes);
        _errors = new LineReader(process.StandardError.BaseStream, MaxErrorLineBytes);
        _exited = process.WaitForExitAsync(CancellationToken.None);
        Completion = PumpAsync();
    }

    public ProcessIdentity Identity { get; }

    public DateTimeOffset StartedAt { get; }

    /// <summary>What the process writes to stdout; completes when it has ended. Each line is handed to <see cref="Release"/>.</summary>
    public ChannelReader<CliLine> Lines => _lines.Reader;

    /// <summary>Ends, and never fails, when the process has ended, its output is read and no descendant is left.</summary>
    public Task<CliExit> Completion { get; }

    /// <summary>The consumer is done with a line of <see cref="Lines"/>, so that another may take its place.</summary>
    public void Release(CliLine line) => _ahead.Leave(line.Bytes.Length);

    /// <summary>Starts a process in a session and group of its own.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">The working folder or <c>setsid</c> is missing. A missing program is exit code 127.</exception>
    public static CliProcess Start(CliLaunch launch, TimeProvider time, ILogger logger)
    {
        var mark = ProcessFamily.NewMark();
        var start = new ProcessStartInfo("setsid")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = launch.WorkingDirectory,
        };
        start.ArgumentList.Add(launch.FileName);
        foreach (var argument in launch.Arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Clear();
        foreach (var (name, value) in launch.Environment)
        {
            start.Environment[name] = value;
        }

        start.Environment[ProcessFamily.MarkVariable] = mark;
        try
        {
            var process = ProcessSpawner.Start(start);
            LogStarted(logger, process.Id, launch.FileName);
            return new CliProcess(process, mark, launch, time, logger);
        }
        catch
        {
            launch.Held?.Dispose();
            throw;
        }
    }

    /// <summary>Writes one line, or what is typed. Once begun it is finished: half a line would spoil the next one.</summary>
    /// <param name="line">The line with its newline.</param>
    /// <exception cref="IOException">The process has ended or is being stopped.</exception>
    public async Task WriteLineAsync(ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            var input = _process.StandardInput.BaseStream;
            await input.WriteAsync(line, CancellationToken.None);
            await input.FlushAsync(CancellationToken.None);
        }
        catch (ObjectDisposedException exception)
        {
            throw new IOException("The process is being stopped.", exception);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Closes stdin: there is nothing more to come.</summary>
    public Task EndInputAsync() => CloseInputAsync(Timeout.InfiniteTimeSpan);

    /// <summary>Closes stdin, asks, then kills; returns when the process and its family are gone.</summary>
    public async Task<CliExit> StopAsync(CliStopBounds bounds)
    {
        if (Interlocked.Exchange(ref _stopping, 1) == 0)
        {
            await EndAsync(bounds);
        }
        else if (bounds == CliStopBounds.AtOnce)
        {
            EndAtOnce();
        }

        return await Completion;
    }

    /// <summary>Asks the process to break off what it does.</summary>
    public void Interrupt() => ProcessFamily.SignalGroup(Identity.Pid, ProcessSignal.Interrupt);

    /// <summary>Kills the process and its family without waiting for it.</summary>
    public void EndAtOnce() => ProcessFamily.Kill(Identity);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _disposing.CancelAsync();
        await StopAsync(CliStopBounds.AtOnce);
        _process.Dispose();
        _disposing.Dispose();
        _pipesAbandoned.Dispose();
        _writing.Dispose();
    }

    private async Task EndAsync(CliStopBounds bounds)
    {
        await CloseInputAsync(bounds.AfterEndOfInput);
        if (await EndsWithinAsync(bounds.AfterEndOfInput))
        {
            LogEndedAtEndOfInput(_logger, Identity.Pid);
            return;
        }

        if (bounds.AfterTerminate > TimeSpan.Zero)
        {
            ProcessFamily.SignalGroup(Identity.Pid, ProcessSignal.Terminate);
            if (await EndsWithinAsync(bounds.AfterTerminate))
            {
                LogTerminated(_logger, Identity.Pid);
                return;
            }
        }

        ProcessFamily.Kill(Identity);
        LogKilled(_logger, Identity.Pid);
    }

    private async Task CloseInputAsync(TimeSpan patience)
    {
        // A line that is being written goes out whole first, unless the process no longer reads.
        var locked = await _writing.WaitAsync(patience);
        try
        {
            _process.StandardInput.BaseStream.Close();
        }
        catch (IOException)
        {
            // The process has ended already, which is what closing is for.
        }
        finally
        {
            if (locked)
            {
                _writing.Release();
            }
        }
    }

    private async Task<bool> EndsWithinAsync(TimeSpan patience)
    {
        try
        {
            await _exited.WaitAsync(patience, _time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task<CliExit> PumpAsync()
    {
        var pumps = Task.WhenAll(ReadOutputAsync(), DrainErrorsAsync());
        await _exited;

        // The group can outlive its leader, also after a polite exit, and would hold the pipes open.
        ProcessFamily.SignalGroup(Identity.Pid, ProcessSignal.Kill);
        await Identity.EndAsync(_time);
        await FinishReadingAsync(pumps);
        _held?.Dispose();

        var exit = new CliExit(_process.ExitCode, _errorTail.ToList());
        LogEnded(_logger, Identity.Pid, exit.ExitCode);
        return exit;
    }

    // A reader that waits for the consumer of its lines is not at the end of what there is to read.
    private async Task FinishReadingAsync(Task pumps)
    {
        var seen = -1L;
        while (!pumps.IsCompleted && (_handingOver || seen != (seen = _output.Reads + _errors.Reads + Volatile.Read(ref _handedOver))))
        {
            await Task.WhenAny(pumps, Task.Delay(s_quietAfterExit, _time, CancellationToken.None));
        }

        await _pipesAbandoned.CancelAsync();
        await pumps;
    }

    // The only reader of stdout, for the whole life of the process: a cancelled read discards what it had already taken.
    private async Task ReadOutputAsync()
    {
        try
        {
            while (await _output.ReadAsync(_pipesAbandoned.Token) is { } line)
            {
                _handingOver = true;
                await _ahead.EnterAsync(line.Bytes.Length, _disposing.Token);
                await _lines.Writer.WriteAsync(line, _disposing.Token);
                Interlocked.Increment(ref _handedOver);
                _handingOver = false;
            }
        }
        catch (Exception exception) when (IsEndOfPipe(exception))
        {
            LogPipeAbandoned(_logger, Identity.Pid, "stdout");
        }
        finally
        {
            _lines.Writer.Complete();
        }
    }

    // Always read, or a chatty child fills the pipe and stands still.
    private async Task DrainErrorsAsync()
    {
        try
        {
            while (await _errors.ReadAsync(_pipesAbandoned.Token) is { } line)
            {
                var text = Encoding.UTF8.GetString(line.Bytes.Span);
                _errorTail.Add(text);
                LogStandardError(_logger, Identity.Pid, text);
            }
        }
        catch (Exception exception) when (IsEndOfPipe(exception))
        {
            LogPipeAbandoned(_logger, Identity.Pid, "stderr");
        }
    }

    // Either the process is dead and a stranger holds the pipe, or it is being disposed: nobody waits for more lines.
    private bool IsEndOfPipe(Exception exception) =>
        exception is IOException
        || (exception is OperationCanceledException && (_pipesAbandoned.IsCancellationRequested || _disposing.IsCancellationRequested));

    [LoggerMessage(EventIds.CliProcessStarted, LogLevel.Debug, "Process {Pid} started: {FileName}")]
    private static partial void LogStarted(ILogger logger, int pid, string fileName);

    [LoggerMessage(EventIds.CliProcessEnded, LogLevel.Debug, "Process {Pid} ended with exit code {ExitCode}")]
    private static partial void LogEnded(ILogger logger, int pid, int exitCode);

    [LoggerMessage(EventIds.EndedAtEndOfInput, LogLevel.Debug, "Process {Pid} ended when its input was closed")]
    private static partial void LogEndedAtEndOfInput(ILogger logger, int pid);

    [LoggerMessage(EventIds.CliProcessTerminated, LogLevel.Information, "Process {Pid} went on after its input was closed and was terminated")]
    private static partial void LogTerminated(ILogger logger, int pid);

    [LoggerMessage(EventIds.CliProcessKilled, LogLevel.Information, "Process {Pid} was killed")]
    private static partial void LogKilled(ILogger logger, int pid);

    [LoggerMessage(EventIds.PipeAbandoned, LogLevel.Debug, "Process {Pid} has ended, but somebody else holds its {Pipe} open")]
    private static partial void LogPipeAbandoned(ILogger logger, int pid, string pipe);

    [LoggerMessage(EventIds.StandardError, LogLevel.Debug, "Process {Pid} stderr: {Line}")]
    private static partial void LogStandardError(ILogger logger, int pid, string line);
}
