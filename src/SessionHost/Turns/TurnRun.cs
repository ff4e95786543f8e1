using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.ClaudeCode.Transports;
using FunctionsBroker.ClaudeCode.Turns;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.SessionHost.Events;
using FunctionsBroker.SessionHost.Outcomes;
using FunctionsBroker.Sessions.Attachments;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.SessionHost.Turns;

/// <summary>A turn that is being run.</summary>
internal sealed class TurnRun(HostTurnRequest request, DateTimeOffset startedAt) : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource<TurnRecord?> _recorded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _notices = [];
    private HostTurnRequest _request = request;
    private Problem? _stopReason;

    public TurnId TurnId { get; } = TurnId.Parse(request.TurnId);

    public DateTimeOffset StartedAt { get; } = startedAt;

    /// <summary>Under what it runs; a later dispatch of the same turn takes the run over.</summary>
    public HostTurnRequest Request
    {
        get => Volatile.Read(ref _request);
        set => Volatile.Write(ref _request, value);
    }

    /// <summary>What the user sends along.</summary>
    public IReadOnlyList<CheckedAttachment> Attachments { get; init; } = [];

    /// <summary>Where the turn's listeners are.</summary>
    public required TurnRelay Relay { get; init; }

    /// <summary>Who stays on the line for its end.</summary>
    public TurnLine Line { get; } = new();

    /// <summary>Is told what happens in the turn.</summary>
    public required ITurnObserver Observer { get; init; }

    /// <summary>Cancelled when the turn is to stop.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Why it was stopped; null while it was not.</summary>
    public Problem? StopReason => Volatile.Read(ref _stopReason);

    /// <summary>The turn's row, read while the process works.</summary>
    public Task<Versioned<TurnRecord>?>? Row { get; set; }

    /// <summary>The turn's row once its end is in it; null when this host could not write it.</summary>
    public Task<TurnRecord?> Recorded => _recorded.Task;

    /// <summary>What was done so far to get an answer.</summary>
    public List<TurnTry> Tries { get; } = [];

    /// <summary>Keeps what the reply's reader should know.</summary>
    public void Note(IEnumerable<string> notices) => _notices.AddRange(notices.Except(_notices).ToList());

    /// <summary>A further try follows one that failed: what was told of that one no longer counts.</summary>
    public void Begin(FailedTry failed, string notice)
    {
        Note([notice]);
        if (failed.Sent)
        {
            Observer.Observe(new TurnProgress.Reset(notice));
        }
    }

    public void Stop(Problem reason)
    {
        Interlocked.CompareExchange(ref _stopReason, reason, null);
        _stopping.Cancel();
    }

    /// <summary>In the reply to a turn that was only to begin a new conversation.</summary>
    public const string ClearedNotice = "A new conversation begins with the next message.";

    /// <summary>In the reply to a turn in which the CLI has begun another conversation by itself.</summary>
    public const string AnotherConversationNotice = "Claude began a new conversation in this turn; it knows nothing of what was said before.";

    /// <summary>In a reply without text, or with blanks only.</summary>
    public const string NothingSaidNotice = "Claude ended this turn without saying anything.";

    /// <summary>The end of a turn that has its answer.</summary>
    public FinishedTurn Answer(TurnOutcome.Completed completed, TransportResult result, string transport, TimeProvider time) => new()
    {
        StartedAt = StartedAt,
        FinishedAt = time.GetUtcNow(),
        Tries = [.. Tries],
        ModelMs = completed.Answer.ModelMs,
        ProcessMs = result.Elapsed.TotalMilliseconds,
        Reply = new Reply
        {
            Text = completed.Answer.Text,
            Usage = completed.Answer.Usage,
            CostUsd = completed.Answer.CostUsd,
            Transport = transport,
            Notices = !string.IsNullOrWhiteSpace(completed.Answer.Text) || Request.Prompt.Length == 0 ? [.. _notices] : [.. _notices, NothingSaidNotice],
        },
    };

    /// <summary>The end of a turn that was only to begin a new conversation.</summary>
    public FinishedTurn Clear(TimeProvider time) => new()
    {
        StartedAt = StartedAt,
        FinishedAt = time.GetUtcNow(),
        Reply = new Reply { Text = string.Empty, Usage = new TokenUsage(), CostUsd = 0, Transport = "none", Notices = [.. _notices, ClearedNotice] },
    };

    /// <summary>The end of a turn that has no answer.</summary>
    public FinishedTurn Fail(Problem problem, TimeProvider time) => new()
    {
        StartedAt = StartedAt,
        FinishedAt = time.GetUtcNow(),
        Problem = StopReason ?? problem,
        Tries = [.. Tries],
    };

    /// <summary>Says that the end of the turn is in its row.</summary>
    public void TellRecorded(TurnRecord turn) => _recorded.TrySetResult(turn);

    public void Dispose()
    {
        _recorded.TrySetResult(null);
        _stopping.Dispose();
    }
}
