using FunctionsBroker.ClaudeCode.Processes;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.ClaudeCode.Interactive;

/// <summary>A running <c>claude</c> with a terminal of its own, as a person would use it.</summary>
/// <remarks>
/// The terminal comes from <c>script</c> of util-linux, which gives its child a session of its own; the family is found
/// by its mark all the same. Its output is always read, or the CLI would stand still. Safe for concurrent use.
/// </remarks>
internal sealed partial class InteractiveProcess : IAsyncDisposable
{
    private readonly CliProcess _process;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Task<CliExit> _reading;
    private int _stopping;

    private InteractiveProcess(CliProcess process, bool resumed, TimeProvider time, ILogger logger)
    {
        _process = process;
        _time = time;
        _logger = logger;
        Resumed = resumed;
        Keyboard = new Keyboard(process.WriteLineAsync, () => !StartScreens.Asks(Screen.Text), time);
        _reading = ReadAsync();
    }

    /// <summary>Names this run of the process for whoever has to end it later: the terminal's own process, which all others come from.</summary>
    public ProcessIdentity Identity => _process.Identity;

    public DateTimeOffset StartedAt => _process.StartedAt;

    /// <summary>Whether it took up an earlier conversation.</summary>
    public bool Resumed { get; }

    /// <summary>The process id of the CLI itself, as this machine counts; null when it has ended.</summary>
    public int? CliPid => ProcessFamily.FindTerminalLeader(Identity.Mark);

    /// <summary>Completes, and never fails, when the process has ended with all that it has started.</summary>
    public Task<CliExit> Completion => _reading;

    public bool IsAlive => !_reading.IsCompleted;

    public TerminalScreen Screen { get; } = new();

    public Keyboard Keyboard { get; }

    /// <summary>Asks the CLI to end, then kills; returns when its whole family is gone.</summary>
    /// <remarks>
    /// Measured on 2.1.329: SIGTERM to the CLI itself ends it in 0.4 s and reports <c>SessionEnd</c>. <c>script</c> passes
    /// a signal on and then waits 2 s; the end of its stdin does not end it at all.
    /// </remarks>
    public async Task<CliExit> StopAsync(CliStopBounds bounds)
    {
        if (Interlocked.Exchange(ref _stopping, 1) == 0 && bounds.AfterTerminate > TimeSpan.Zero)
        {
            await AskToEndAsync(bounds.AfterTerminate);
        }

        await _process.StopAsync(CliStopBounds.AtOnce);
        return await Completion;
    }

    /// <summary>Kills the process and its family without waiting for it.</summary>
    public void EndAtOnce() => _process.EndAtOnce();

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CliStopBounds.AtOnce);
        await _process.DisposeAsync();
    }

    private async Task AskToEndAsync(TimeSpan patience)
    {
        if (CliPid is not { } cli || !ProcessFamily.Signal(cli, ProcessSignal.Terminate))
        {
            return;
        }

        try
        {
            await Completion.WaitAsync(patience, _time);
        }
        catch (TimeoutException)
        {
            LogNotEnded(_logger, Identity.Pid);
        }
    }

    // The only consumer of the process's output; it waits for nobody.
    private async Task<CliExit> ReadAsync()
    {
        await foreach (var chunk in _process.Lines.ReadAllAsync(CancellationToken.None))
        {
            Screen.Write(chunk.Bytes.Span);
            _process.Release(chunk);
        }

        return await _process.Completion;
    }

    [LoggerMessage(EventIds.InteractiveNotEnded, LogLevel.Information, "Process {Pid} did not end when it was asked to")]
    private static partial void LogNotEnded(ILogger logger, int pid);

    [LoggerMessage(EventIds.InteractiveAnswered, LogLevel.Information, "Process {Pid} asked at its start, and was answered with the key {Key}: {Screen}")]
    private static partial void LogAnswered(ILogger logger, int pid, StartKey key, string screen);
}
