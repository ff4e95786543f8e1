using FunctionsBroker.ClaudeCode.Protocol;
using FunctionsBroker.ClaudeCode.Turns;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.ClaudeCode.StreamJson;

/// <summary>Picks out of a process's messages what concerns the one turn that is running.</summary>
/// <remarks>Fed by the process's only reader; <see cref="End"/> is awaited by the turn.</remarks>
/// <param name="questions">What the CLI asks in this turn.</param>
internal sealed class ActiveTurn(
    Guid messageId,
    TurnId turnId,
    ITurnObserver observer,
    OpenQuestions questions,
    Correlation correlation,
    RunningTotals totals)
{
    private readonly string _messageId = messageId.ToString("D");
    private readonly TaskCompletionSource<TurnSignal> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TurnOutput _output = new(observer);
    private TaskCompletionSource _paused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _started;

    public TurnId TurnId => turnId;

    /// <summary>Completes when the turn has ended in whatever way.</summary>
    public Task<TurnSignal> End => _end.Task;

    /// <inheritdoc cref="TurnOutput.ToolsUsed"/>
    public bool ToolsUsed => _output.ToolsUsed;

    /// <summary>Completes when the CLI next pauses before it asks the model again.</summary>
    public Task Paused => Volatile.Read(ref _paused).Task;

    /// <inheritdoc cref="TurnOutput.Retry"/>
    public CliMessage.ApiRetry? Retry => _output.Retry;

    /// <summary>Whether the turn stands still until somebody decides something.</summary>
    public bool Waits => questions.Any;

    /// <summary>Whether what comes now is of this turn; else it is of something that the CLI began by itself.</summary>
    public bool IsOn => !_end.Task.IsCompleted && (_started || !correlation.IsOffered);

    /// <returns>False when nobody is asked.</returns>
    public bool TryAsk(PermissionQuestion question) => IsOn && questions.TryAsk(question);

    /// <summary>A tool is about to run.</summary>
    /// <returns>False when nobody holds it.</returns>
    public bool TryHold(string requestId)
    {
        if (!IsOn)
        {
            return false;
        }

        _output.CallTool();
        return questions.TryHold(requestId);
    }

    public void Withdraw(string requestId) => questions.Withdraw(requestId);

    /// <returns>False when it is no part of this turn.</returns>
    public bool TryAccept(CliMessage message)
    {
        switch (message)
        {
            case var _ when _end.Task.IsCompleted:
                return false;
            case CliMessage.Lifecycle lifecycle when IsMine(lifecycle.MessageId):
                Accept(lifecycle.State);
                return true;
            case CliMessage.Result result when IsMine(result):
                _end.TrySetResult(_output.End(result, totals));
                return true;
            case CliMessage.Lifecycle or CliMessage.Result:
                return false;
            case var _ when !IsOn:
                return false;
        }

        _output.Accept(message);
        if (message is CliMessage.ApiRetry)
        {
            Interlocked.Exchange(ref _paused, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        }

        return true;
    }

    /// <summary>The process has ended.</summary>
    public void Abandon() => _end.TrySetResult(new TurnSignal.ProcessEnded());

    private void Accept(LifecycleState state)
    {
        switch (state)
        {
            case LifecycleState.Started:
                _started = true;
                break;
            case LifecycleState.Completed when !_started:
                _end.TrySetResult(new TurnSignal.Repeated());
                break;
            case LifecycleState.Cancelled when !_started:
                _end.TrySetResult(new TurnSignal.Cancelled());
                break;
        }
    }

    // A CLI that names the lines which a result answers names none for what it began by itself.
    private bool IsMine(CliMessage.Result result) =>
        result.MessageIds.Count > 0 ? result.MessageIds.Any(IsMine) : !correlation.IsOffered;

    private bool IsMine(string messageId) => string.Equals(messageId, _messageId, StringComparison.OrdinalIgnoreCase);
}

/// <summary>What ended a turn, as the process's output tells it.</summary>
internal abstract record TurnSignal
{
    private TurnSignal()
    {
    }

    public sealed record Result(CliMessage.Result Line, ClaudeAnswer Answer, string? ErrorKind, CliMessage.ApiRetry? Retry) : TurnSignal
    {
        public TurnOutcome Judge() =>
            TurnVerdict.Judge(Line, ErrorKind, Retry) is { } problem ? new TurnOutcome.Failed(problem) : new TurnOutcome.Completed(Answer);
    }

    /// <summary>The line was known and not run.</summary>
    public sealed record Repeated : TurnSignal;

    /// <summary>The line was taken back before it was run.</summary>
    public sealed record Cancelled : TurnSignal;

    public sealed record ProcessEnded : TurnSignal;
}
