using System.Collections.Concurrent;
using System.ComponentModel;
using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.ClaudeCode.Protocol;
using FunctionsBroker.ClaudeCode.Turns;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.ClaudeCode.StreamJson;

/// <summary>A running <c>claude</c> that is fed prompts and gives answers, one turn at a time.</summary>
/// <remarks>
/// Owned by one session. <see cref="RunAsync"/> is called by one caller at a time: two lines in flight would be merged
/// into one turn by the CLI. <see cref="StopAsync"/> may be called at any time.
/// </remarks>
public sealed partial class ClaudeProcess : IClaudeProcess
{
    /// <summary>The CLI's own command. Measured on 2.1.329: sent as a line of its own between turns it asks the model for a summary, with
    /// which the conversation goes on under the same id; its <c>result</c> is a success without text.</summary>
    private const string CompactCommand = "/compact";

    /// <summary>Longer than any start that was measured: 0.3 s alone, 10 s among thirty at once.</summary>
    private static readonly TimeSpan s_startPatience = TimeSpan.FromSeconds(60);

    private readonly CliProcess _process;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly RunningTotals _totals;
    private readonly bool _oneShot;
    private readonly ContextUse _context = new();
    private readonly HashSet<Guid> _sent = [];
    private readonly ConcurrentDictionary<string, TaskCompletionSource<string?>> _requests = new(StringComparer.Ordinal);
    private readonly Correlation _correlation = new();
    private readonly BackgroundWork? _background;
    private readonly Replies _replies;
    private readonly Task<CliExit> _demultiplexing;
    private volatile ActiveTurn? _turn;
    private volatile bool _toolsUsed;
    private volatile bool _spoke;
    private volatile bool _outputEnded;
    private long _lastOutput;
    private int _requestCount;

    private ClaudeProcess(CliProcess process, bool resumed, bool oneShot, bool background, TimeProvider time, ILogger logger)
    {
        _oneShot = oneShot;
        _process = process;
        _time = time;
        _logger = logger;
        _totals = new RunningTotals(resumed);
        _background = background ? new BackgroundWork(_totals, time) : null;
        Resumed = resumed;
        _replies = new Replies(process);
        _demultiplexing = DemultiplexAsync();
    }

    /// <summary>Starts a process and waits until it takes prompts.</summary>
    /// <remarks>The CLI prints nothing by itself before the first prompt; its answer to <c>initialize</c> says that it is ready.</remarks>
    /// <param name="background">Whether the CLI may go on by itself between turns.</param>
    internal static async Task<ClaudeStart> StartAsync(
        CliLaunch launch,
        bool resume,
        bool background,
        TimeProvider time,
        ILogger logger,
        CancellationToken cancellationToken)
    {
        ClaudeProcess process;
        try
        {
            process = new ClaudeProcess(CliProcess.Start(launch, time, logger), resume, oneShot: false, background, time, logger);
        }
        catch (Win32Exception exception)
        {
            return new ClaudeStart.Failed(exception.Message);
        }

        var start = await process.InitializeAsync(cancellationToken);
        var abandoned = cancellationToken.IsCancellationRequested;
        if (abandoned || start is not ClaudeStart.Ready)
        {
            await process.DisposeAsync();
        }

        return abandoned ? throw new OperationCanceledException(cancellationToken) : start;
    }

    /// <summary>Starts a process that is given one prompt and ends with its answer; no control request is made of it.</summary>
    /// <returns>Ready, or failed at once. What the CLI has against the conversation is known after the turn: see <see cref="Explain"/>.</returns>
    internal static ClaudeStart StartOneShot(CliLaunch launch, bool resume, TimeProvider time, ILogger logger)
    {
        try
        {
            return new ClaudeStart.Ready(new ClaudeProcess(CliProcess.Start(launch, time, logger), resume, oneShot: true, background: false, time, logger));
        }
        catch (Win32Exception exception)
        {
            return new ClaudeStart.Failed(exception.Message);
        }
    }

    /// <summary>Names this run of the process for whoever has to end it later.</summary>
    public ProcessIdentity Identity => _process.Identity;

    public DateTimeOffset StartedAt => _process.StartedAt;

    /// <summary>Whether it took up an earlier conversation.</summary>
    public bool Resumed { get; }

    /// <summary>How many turns were given to it.</summary>
    public int Turns { get; private set; }

    /// <summary>Whether a tool was called in the turn that runs or, between turns, in the last one: running it again may do things twice.</summary>
    public bool ToolsUsed => _turn?.ToolsUsed ?? _toolsUsed;

    /// <summary>The share of the model's context window that the conversation takes up, 0 to 1; 0 before the first turn's end.</summary>
    public double ContextShare => _context.Share;

    /// <summary>Whether the conversation takes up that share of the window, and has grown since it was summed up last.</summary>
    public bool IsContextOver(double threshold) => _context.IsOver(threshold);

    /// <summary>Completes, and never fails, when the process has ended.</summary>
    public Task<CliExit> Completion => _demultiplexing;

    /// <summary>Whether it has not written a single line yet.</summary>
    public bool IsSilent => !_spoke;

    /// <summary>Whether it can be given a turn.</summary>
    public bool IsAlive => !_demultiplexing.IsCompleted;

    /// <inheritdoc/>
    public bool WorksOn => _background is { IsBusy: true };

    /// <inheritdoc/>
    public IAsyncEnumerable<BackgroundTurn> BackgroundTurns => _background?.Ended.ReadAllAsync() ?? AsyncEnumerable.Empty<BackgroundTurn>();

    /// <summary>Whether this process was given the line already: it would ignore it without a word.</summary>
    public bool HasSent(Guid messageId) => _sent.Contains(messageId);

    /// <summary>Gives the process a prompt and waits for the end of the turn.</summary>
    /// <param name="messageId">See <see cref="MessageIds"/>.</param>
    /// <param name="observer">Is told of nothing more once the task has ended.</param>
    /// <param name="stopping">Stops the turn, not the process: what comes back is the answer if it was faster, else that it was interrupted.</param>
    public async Task<TurnOutcome> RunAsync(
        Guid messageId,
        TurnPrompt prompt,
        TurnBounds bounds,
        ITurnObserver observer,
        CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(bounds);
        ArgumentNullException.ThrowIfNull(observer);

        if (stopping.IsCancellationRequested)
        {
            return new TurnOutcome.Failed(ProblemCatalogue.Interrupted());
        }

        if (_outputEnded)
        {
            return new TurnOutcome.ProcessEnded(await StopAsync(CliStopBounds.Polite));
        }

        if (!_sent.Add(messageId))
        {
            return new TurnOutcome.Repeated();
        }

        Turns++;
        var questions = new OpenQuestions(observer, Reply, _logger);
        var turn = new ActiveTurn(messageId, prompt.TurnId, observer, questions, _correlation, _totals);
        _turn = turn;
        try
        {
            if (_outputEnded)
            {
                // The reader went before it could see this turn.
                turn.Abandon();
            }

            var started = _time.GetTimestamp();
            Volatile.Write(ref _lastOutput, started);
            var patience = bounds.Idle < bounds.Max ? bounds.Idle : bounds.Max;
            await WritePromptAsync(CliMessageWriter.User(messageId, prompt), patience, bounds.InterruptGrace, stopping);
            if (_oneShot)
            {
                await _process.EndInputAsync();
            }

            return await WaitAsync(turn, bounds, started, stopping);
        }
        catch (IOException)
        {
            // It has ended, or has closed its stdin and cannot be used any more.
            return new TurnOutcome.ProcessEnded(await StopAsync(CliStopBounds.Polite));
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            // The process does not read its input: half a line may be in the pipe, so it cannot be used again.
            var exit = await StopAsync(CliStopBounds.AtOnce);
            return stopping.IsCancellationRequested
                ? new TurnOutcome.Failed(ProblemCatalogue.Interrupted())
                : new TurnOutcome.ProcessEnded(exit);
        }
        finally
        {
            _toolsUsed = turn.ToolsUsed;
            _turn = null;
            await questions.CloseAsync();
        }
    }

    /// <summary>Has the conversation summed up, between turns.</summary>
    /// <returns>How that ended; the conversation goes on either way.</returns>
    public async Task<TurnOutcome> CompactAsync(TurnPrompt turn, TurnBounds bounds, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(turn);

        var command = new TurnPrompt(turn.SessionId, turn.TurnId, CompactCommand) { MayBeCommand = true };
        var outcome = await RunAsync(Guid.NewGuid(), command, bounds, SilentObserver.Instance, stopping);
        if (outcome is TurnOutcome.Completed)
        {
            _context.Shortened();
        }

        return outcome;
    }

    /// <summary>Names the process and its turn for whoever reads of it later.</summary>
    public TurnProcess Describe() => new()
    {
        Pid = Identity.Pid,
        StartedAt = StartedAt,
        Turn = Turns,
        Resumed = Resumed,
    };

    /// <summary>Stops the process and all that it has started.</summary>
    public async Task<CliExit> StopAsync(CliStopBounds bounds)
    {
        await _process.StopAsync(bounds);
        return await Completion;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CliStopBounds.AtOnce);
        await _replies.DisposeAsync();
        await _process.DisposeAsync();
    }

    private async Task<ClaudeStart> InitializeAsync(CancellationToken cancellationToken)
    {
        // A caller who no longer waits ends the process, and with it the request.
        await using var giveUp = cancellationToken.UnsafeRegister(_ => _process.EndAtOnce(), null);
        try
        {
            return await RequestAsync(CliMessageWriter.Initialize, s_startPatience) is { } refusal
                ? new ClaudeStart.Failed($"The CLI refused to begin: {refusal}")
                : new ClaudeStart.Ready(this);
        }
        catch (TimeoutException)
        {
            return new ClaudeStart.Failed($"The process was not ready within {s_startPatience.TotalSeconds:0} seconds.");
        }
        catch (IOException)
        {
            return Explain(await _process.StopAsync(CliStopBounds.Polite));
        }
    }

    /// <summary>Why a process ended at once, which is only said in words, on stderr.</summary>
    internal static ClaudeStart Explain(CliExit exit)
    {
        if (exit.StandardErrorTail.Any(line => line.Contains("No conversation found", StringComparison.Ordinal)))
        {
            return new ClaudeStart.NoConversation();
        }

        return exit.StandardErrorTail.Any(line => line.Contains("is already in use", StringComparison.Ordinal))
            ? new ClaudeStart.ConversationExists()
            : new ClaudeStart.Failed($"The process ended at once with {exit.Describe()}");
    }

    private async Task<TurnOutcome> WaitAsync(ActiveTurn turn, TurnBounds bounds, long started, CancellationToken stopping)
    {
        while (true)
        {
            var paused = turn.Paused;
            var sinceOutput = _time.GetElapsedTime(Volatile.Read(ref _lastOutput));
            var untilIdle = turn.Waits ? bounds.Idle : bounds.Idle - sinceOutput;
            var untilMax = bounds.Max - _time.GetElapsedTime(started);
            if (untilIdle <= TimeSpan.Zero || untilMax <= TimeSpan.Zero)
            {
                var limit = untilMax <= TimeSpan.Zero ? bounds.Max : bounds.Idle;
                LogTurnTimedOut(_logger, Identity.Pid, limit);
                return await EndEarlyAsync(turn, bounds, ProblemCatalogue.TurnTimedOut(limit), isSilent: untilMax > TimeSpan.Zero);
            }

            if (-sinceOutput > untilMax && turn.Retry is { } retry)
            {
                return await EndEarlyAsync(turn, bounds, TurnVerdict.Judge(retry), isSilent: false);
            }

            try
            {
                await Task.WhenAny(turn.End, paused).WaitAsync(untilIdle < untilMax ? untilIdle : untilMax, _time, stopping);
                if (turn.End.IsCompleted)
                {
                    return await JudgeAsync(await turn.End);
                }
            }
            catch (TimeoutException)
            {
                // There may have been output meanwhile: look again.
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return await EndEarlyAsync(turn, bounds, ProblemCatalogue.Interrupted(), isSilent: false);
            }
        }
    }

    /// <param name="isSilent">Whether nothing was heard of the process for too long.</param>
    private async Task<TurnOutcome> EndEarlyAsync(ActiveTurn turn, TurnBounds bounds, Problem reason, bool isSilent)
    {
        try
        {
            await InterruptAsync(bounds.InterruptGrace);
            var outcome = await JudgeAsync(await turn.End.WaitAsync(bounds.InterruptGrace, _time, CancellationToken.None));

            // One that ends of the signal has listened; one that ends of a mere request was at its end anyway.
            var lost = isSilent && !_oneShot && outcome is TurnOutcome.ProcessEnded;
            return lost || outcome is TurnOutcome.Completed ? outcome : new TurnOutcome.Failed(reason);
        }
        catch (Exception exception) when (exception is TimeoutException or IOException)
        {
            LogInterruptIgnored(_logger, Identity.Pid);
            var exit = await StopAsync(CliStopBounds.AtOnce);

            // One that neither speaks nor listens hangs itself: it is lost, and the model is not to blame.
            return isSilent ? new TurnOutcome.ProcessEnded(exit) : new TurnOutcome.Failed(reason);
        }
    }

    private async Task InterruptAsync(TimeSpan patience)
    {
        if (_oneShot)
        {
            // Its stdin is closed. The signal brings the same result line.
            _process.Interrupt();
        }
        else
        {
            await RequestAsync("interrupt", patience);
        }
    }

    private async Task<TurnOutcome> JudgeAsync(TurnSignal signal)
    {
        switch (signal)
        {
            case TurnSignal.Result result:
                return result.Judge();
            case TurnSignal.Repeated:
                return new TurnOutcome.Repeated();
            case TurnSignal.Cancelled:
                return new TurnOutcome.Failed(ProblemCatalogue.Interrupted());
            default:
                // Its output has ended; the process itself may go on, deaf and dumb.
                return new TurnOutcome.ProcessEnded(await StopAsync(CliStopBounds.Polite));
        }
    }
}
