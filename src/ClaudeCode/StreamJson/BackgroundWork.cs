using System.Threading.Channels;
using FunctionsBroker.ClaudeCode.Protocol;
using FunctionsBroker.ClaudeCode.Turns;
using FunctionsBroker.Contracts.Text;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.ClaudeCode.StreamJson;

/// <summary>Follows what a CLI does by itself: the tasks that outlive their turn, and the turns that it begins when one reports or a scheduled prompt is due.</summary>
/// <remarks>
/// Fed by the process's only reader with what belongs to no turn that was given to it. Measured on 2.1.332: such a turn has <c>init</c> at
/// its head, and a result that names no line of ours; of a task's report the result names the run, which <c>task_started</c> named too.
/// </remarks>
internal sealed class BackgroundWork(RunningTotals totals, TimeProvider time)
{
    /// <summary>Of a turn about whose cause the CLI says nothing: what a monitor saw, or a scheduled prompt.</summary>
    public const string UnknownCause = "(Claude went on by itself.)";

    private const int MaxPromptLength = 4096;

    private readonly Channel<BackgroundTurn> _ended = Channel.CreateUnbounded<BackgroundTurn>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private readonly Dictionary<string, TurnId> _begunBy = new(StringComparer.Ordinal);
    private readonly List<string> _reports = [];
    private volatile int _tasks;
    private volatile TurnOutput? _output;
    private DateTimeOffset _startedAt;
    private TurnId? _last;
    private TurnId? _after;

    /// <summary>Whether a task or a turn runs; may be read by others.</summary>
    public bool IsBusy => _tasks > 0 || _output is not null;

    /// <summary>The turns that have ended; completed when the process has.</summary>
    public ChannelReader<BackgroundTurn> Ended => _ended.Reader;

    /// <summary>A turn that was given to the CLI has begun: what it had begun by itself, if anything, is part of that.</summary>
    public void BeginTurn(TurnId turn)
    {
        _last = turn;
        _output = null;
        _reports.Clear();
    }

    /// <summary>Takes note of what goes on beside any turn.</summary>
    public void Note(CliMessage.TaskNews news)
    {
        _tasks = news.Running ?? _tasks;
        if (news.BegunRun is { } run && _last is { } turn)
        {
            _begunBy[run] = turn;
        }

        if (news.Report is { Length: > 0 } report)
        {
            _reports.Add(report);
        }
    }

    public void Accept(CliMessage message)
    {
        switch (message)
        {
            case CliMessage.Init:
                (_output, _startedAt, _after) = (new TurnOutput(SilentObserver.Instance), time.GetUtcNow(), _last);
                break;
            case CliMessage.Result result when _output is { } output:
                End(output, output.End(result, totals), result.RunId);
                break;
            default:
                _output?.Accept(message);
                break;
        }
    }

    public void Complete() => _ended.Writer.TryComplete();

    private void End(TurnOutput output, TurnSignal.Result ended, string? run)
    {
        _ended.Writer.TryWrite(new BackgroundTurn
        {
            Prompt = (_reports.Count > 0 ? string.Join('\n', _reports) : UnknownCause).Truncate(MaxPromptLength),
            BegunBy = run is not null && _begunBy.TryGetValue(run, out var begunBy) ? begunBy : _after,
            After = _after,
            StartedAt = _startedAt,
            FinishedAt = time.GetUtcNow(),
            ToolsUsed = output.ToolsUsed,
            Outcome = ended.Judge(),
        });
        _output = null;
        _reports.Clear();
    }
}

/// <summary>A turn that the CLI began by itself, and that has ended.</summary>
public sealed record BackgroundTurn
{
    /// <summary>What it was told, as far as the CLI says so; never empty.</summary>
    public required string Prompt { get; init; }

    /// <summary>The turn in which the work began; where the CLI does not say, <see cref="After"/>.</summary>
    public required TurnId? BegunBy { get; init; }

    /// <summary>The turn that this one follows in the conversation; null in a process that was given none.</summary>
    public required TurnId? After { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset FinishedAt { get; init; }

    /// <summary>Whether a tool was called.</summary>
    public required bool ToolsUsed { get; init; }

    /// <summary>Completed or failed.</summary>
    public required TurnOutcome Outcome { get; init; }
}
