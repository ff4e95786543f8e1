using System.Diagnostics;
using FunctionsBroker.ClaudeCode.Hooks;
using FunctionsBroker.ClaudeCode.Interactive;
using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.ClaudeCode.Transcripts;
using FunctionsBroker.ClaudeCode.Turns;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.ClaudeCode.Channels;

/// <summary>An interactive <c>claude</c> with the channel and the hooks through which it is talked to.</summary>
/// <remarks>
/// Owned by one session. <see cref="RunAsync"/> is called by one caller at a time; <see cref="StopAsync"/> may be called
/// at any time.
/// </remarks>
public sealed partial class ChannelProcess : IClaudeProcess
{
    /// <summary>Measured on 2.1.329: up to 1.6 s with a tool running. Before the first output it never shows, and the process has to go.</summary>
    private static readonly TimeSpan s_interruptShows = TimeSpan.FromSeconds(3);

    private readonly InteractiveProcess _process;
    private readonly ChannelServer _server;
    private readonly HookRoute _route;
    private readonly ChannelDesk _desk;
    private readonly Transcript _transcript;
    private readonly ChannelBounds _bounds;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Task<CliExit> _completion;

    /// <param name="bounds">But for the arrival, which is the profile's.</param>
    /// <param name="typed">Whether prompts are typed into its terminal.</param>
    internal ChannelProcess(ChannelParts parts, ClaudeLaunch launch, ChannelBounds bounds, bool typed, TimeProvider time, ILogger logger)
    {
        (_process, _server, _route, _desk) = parts;
        _transcript = launch.Transcript;

        // What is typed is typed once, and has the time of two pushes for it.
        var arrival = launch.Profile.Channel.Arrival;
        _bounds = bounds with { Arrival = typed ? arrival * 2 : arrival };
        _time = time;
        _logger = logger;
        Typed = typed;
        _completion = CloseAfterAsync();
    }

    /// <inheritdoc/>
    public ProcessIdentity Identity => _process.Identity;

    /// <inheritdoc/>
    public bool Resumed => _process.Resumed;

    /// <summary>Whether prompts are typed into its terminal, because the CLI takes none from a channel.</summary>
    public bool Typed { get; }

    /// <inheritdoc/>
    public bool IsAlive => !_completion.IsCompleted;

    /// <summary>Whether it can be given a turn: one whose relay has ended takes nothing any more.</summary>
    public bool IsUsable => IsAlive && (Typed || _desk.IsConnected);

    /// <inheritdoc/>
    public Task<CliExit> Completion => _completion;

    /// <summary>The interactive CLI keeps its conversation short by itself and does not tell how long it is.</summary>
    public double ContextShare => 0;

    /// <summary>How many turns were given to it.</summary>
    public int Turns { get; private set; }

    /// <inheritdoc/>
    public TurnProcess Describe() => new()
    {
        Pid = Identity.Pid,
        StartedAt = _process.StartedAt,
        Turn = Turns,
        Resumed = Resumed,
    };

    /// <inheritdoc/>
    public async Task<CliExit> StopAsync(CliStopBounds bounds)
    {
        await _process.StopAsync(bounds);
        return await Completion;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CliStopBounds.AtOnce);
        await _process.DisposeAsync();
    }

    /// <summary>Gives the process a prompt and waits for the end of the turn.</summary>
    /// <param name="observer">Is told of nothing more once the task has ended.</param>
    /// <param name="stopping">Stops the turn.</param>
    internal async Task<ChannelOutcome> RunAsync(TurnPrompt prompt, TurnBounds limits, ITurnObserver observer, CancellationToken stopping)
    {
        Turns++;
        var mark = Typed ? ChannelMark.Typed(prompt.TurnId.Value, prompt.Text) : ChannelMark.Pushed(prompt.TurnId.Value);
        await using var active = new ActiveChannel(mark, observer, _logger);
        var transcript = new ChannelTranscript(TranscriptCursor.Snapshot(_transcript.Path), mark, observer);
        var patient = limits with { InterruptGrace = limits.InterruptGrace < s_interruptShows ? limits.InterruptGrace : s_interruptShows };
        _desk.Begin(active);
        try
        {
            var course = new ChannelCourse(active, transcript, observer, _time);
            await using var delivery = new ChannelDelivery(_process, _server, active, prompt, Typed, _logger);
            var (end, turn) = await course.RunAsync(ChannelTurn.Begin(_bounds, patient, Typed ? 1 : 2), delivery, stopping);
            return await ConcludeAsync(end, turn, active, transcript);
        }
        finally
        {
            _desk.End();
        }
    }

    // Whatever the channel and the hooks belong to is gone with the process.
    private async Task<CliExit> CloseAfterAsync()
    {
        var exit = await _process.Completion;
        _desk.EndProcess();
        _route.Dispose();
        await _server.DisposeAsync();
        return exit;
    }

    /// <summary>Sees to it that nothing of the turn can happen any more, and says how it went.</summary>
    private async Task<ChannelOutcome> ConcludeAsync(ChannelEnd end, ChannelTurn turn, ActiveChannel active, ChannelTranscript transcript)
    {
        switch (end)
        {
            case ChannelEnd.Answered(var text):
                if (turn.Deliveries > 1)
                {
                    // The first push may have been late only: what is still in the queue must not run.
                    await StopAsync(CliStopBounds.AtOnce);
                }

                return Answered(text, turn.Trace);
            case ChannelEnd.Failed(var problem):
                return new ChannelOutcome(new TurnOutcome.Failed(problem), turn.Trace.ToolsUsed);
            case ChannelEnd.Undelivered:
                LogUndelivered(_logger, Identity.Pid, turn.Deliveries);
                return await LookOnceMoreAsync(active, transcript, exit => null, ProblemCatalogue.ChannelNotDelivered(_bounds.Arrival));
            case ChannelEnd.Stuck(var reason):
                return await LookOnceMoreAsync(active, transcript, _ => new TurnOutcome.Failed(reason), null);
            case ChannelEnd.Lost:
                return await LookOnceMoreAsync(active, transcript, exit => new TurnOutcome.ProcessEnded(exit), null);
            default:
                throw new UnreachableException(end.GetType().Name);
        }
    }

    /// <summary>Ends the process, which alone proves that nothing follows, and reads what it has left in the transcript.</summary>
    /// <param name="outcome">Of a turn without an answer.</param>
    /// <param name="unseen">Of a turn that the transcript does not know; null where that says nothing.</param>
    private async Task<ChannelOutcome> LookOnceMoreAsync(ActiveChannel active, ChannelTranscript transcript, Func<CliExit, TurnOutcome?> outcome, Problem? unseen)
    {
        var exit = await StopAsync(CliStopBounds.AtOnce);
        var trace = await transcript.ReadAsync(CancellationToken.None);
        if (trace.Answer is { } answer && outcome(exit) is not TurnOutcome.Failed)
        {
            // It may have replied by the tool when it was given up already.
            return Answered(active.Replied ?? answer, trace);
        }

        return new ChannelOutcome(
            unseen is not null && !trace.IsSeen ? new TurnOutcome.NotStarted(unseen) : outcome(exit) ?? new TurnOutcome.ProcessEnded(exit),
            trace.ToolsUsed);
    }

    // What a turn costs the interactive CLI does not tell.
    private static ChannelOutcome Answered(string text, ChannelTrace trace) =>
        new(new TurnOutcome.Completed(new ClaudeAnswer(text, trace.Usage, 0, null)), trace.ToolsUsed);

    [LoggerMessage(EventIds.ChannelUndelivered, LogLevel.Warning, "Process {Pid}: {Deliveries} deliveries of a prompt showed no sign of arrival; the process is stopped")]
    private static partial void LogUndelivered(ILogger logger, int pid, int deliveries);
}

/// <summary>What belongs to one interactive process; all of it goes with the process.</summary>
internal sealed record ChannelParts(InteractiveProcess Process, ChannelServer Server, HookRoute Route, ChannelDesk Desk);

/// <summary>How a turn went over a channel.</summary>
/// <param name="ToolsUsed">Whether a tool was called, so that the turn may have had an effect.</param>
internal sealed record ChannelOutcome(TurnOutcome Outcome, bool ToolsUsed);
