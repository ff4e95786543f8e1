using FunctionsBroker.ClaudeCode.Hooks;
using FunctionsBroker.ClaudeCode.Interactive;
using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.ClaudeCode.Transcripts;
using FunctionsBroker.ClaudeCode.Turns;
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

    /// <param name="typed">Whether prompts are typed into its terminal.</param>
    internal ChannelProcess(ChannelParts parts, ClaudeLaunch launch, bool typed, TimeProvider time, ILogger logger)
    {
        (_process, _server, _route, _desk) = parts;
        _transcript = launch.Transcript;

        // What is typed is typed once, and has the time of two pushes for it.
        var arrival = launch.Profile.Channel.Arrival;
        _bounds = ChannelBounds.Default with { Arrival = typed ? arrival * 2 : arrival };
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
}
