using FunctionsBroker.ClaudeCode.Protocol;
using FunctionsBroker.ClaudeCode.Turns;

namespace FunctionsBroker.ClaudeCode.StreamJson;

/// <summary>Picks out of a process's messages what concerns the one turn that is running.</summary>
/// <remarks>Fed by the process's only reader; <see cref="End"/> is awaited by the turn.</remarks>
/// <param name="questions">What the CLI asks in this turn.</param>
internal sealed class ActiveTurn(Guid messageId, ITurnObserver observer, OpenQuestions questions, Correlation correlation)
{
    private readonly string _messageId = messageId.ToString("D");
    private readonly TaskCompletionSource<TurnSignal> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StreamedText _text = new(observer);
    private TaskCompletionSource _paused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile CliMessage.ApiRetry? _retry;
    private volatile bool _toolsUsed;
    private bool _started;
    private string? _errorKind;

    /// <summary>Completes when the turn has ended in whatever way.</summary>
    public Task<TurnSignal> End => _end.Task;

    /// <summary>Whether a tool was called, so that the turn may have had an effect.</summary>
    public bool ToolsUsed => _toolsUsed;

    /// <summary>Completes when the CLI next pauses before it asks the model again.</summary>
    public Task Paused => Volatile.Read(ref _paused).Task;

    /// <summary>The last of those pauses.</summary>
    public CliMessage.ApiRetry? Retry => _retry;

    /// <summary>Whether the turn stands still until somebody decides something.</summary>
    public bool Waits => questions.Any;

    /// <returns>False when nobody is asked.</returns>
    public bool TryAsk(PermissionQuestion question) => !_end.Task.IsCompleted && !IsAnothers && questions.TryAsk(question);

    /// <summary>A tool is about to run.</summary>
    /// <returns>False when nobody holds it.</returns>
    public bool TryHold(string requestId)
    {
        _toolsUsed = true;
        return !_end.Task.IsCompleted && !IsAnothers && questions.TryHold(requestId);
    }

    public void Withdraw(string requestId) => questions.Withdraw(requestId);

    public void Accept(CliMessage message)
    {
        if (_end.Task.IsCompleted)
        {
            // What comes after a turn's end is told to nobody: its outcome is known already.
            return;
        }

        switch (message)
        {
            case CliMessage.Lifecycle lifecycle when IsMine(lifecycle.MessageId):
                Accept(lifecycle.State);
                break;
            case CliMessage.Result result when IsMine(result):
                _end.TrySetResult(new TurnSignal.Result(result with { Text = WholeOf(result.Text) }, _errorKind, _retry));
                break;
            case var _ when IsAnothers:
                break;
            case CliMessage.TextDelta delta:
                _text.Accept(delta);
                break;
            case CliMessage.Abandoned abandoned:
                _text.Accept(abandoned);
                break;
            case CliMessage.Assistant assistant:
                Accept(assistant);
                break;
            case CliMessage.ToolResults results:
                Tell(results.Tools);
                break;
            case CliMessage.ApiRetry retry:
                _retry = retry;
                Interlocked.Exchange(ref _paused, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
                break;
        }
    }

    /// <summary>The process has ended.</summary>
    public void Abandon() => _end.TrySetResult(new TurnSignal.ProcessEnded());

    private void Accept(CliMessage.Assistant assistant)
    {
        _errorKind = assistant.ErrorKind;
        if (assistant is { Text: { } text, ErrorKind: null })
        {
            _text.Finish(text);
        }

        Tell(assistant.Tools);
    }

    private void Tell(IReadOnlyList<TurnProgress> tools)
    {
        foreach (var tool in tools)
        {
            _toolsUsed = true;
            if (tool is TurnProgress.ToolStarted)
            {
                _text.CallTool();
            }

            observer.Observe(tool);
        }
    }

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

    // The CLI's result has the last block of the last message only. A text that was not streamed is its own: of an error, or of a command.
    private string? WholeOf(string? last) => last is not null && _text.Said is var said && said.EndsWith(last, StringComparison.Ordinal) ? said : last;

    // A CLI that names the lines which a result answers names none for what it began by itself: a background task that ended.
    private bool IsMine(CliMessage.Result result) =>
        result.MessageIds.Count > 0 ? result.MessageIds.Any(IsMine) : !correlation.IsOffered;

    /// <summary>Whether what comes is of something that the CLI began by itself: it says when our line's turn has come, and it has not said so yet.</summary>
    private bool IsAnothers => correlation.IsOffered && !_started;

    private bool IsMine(string messageId) => string.Equals(messageId, _messageId, StringComparison.OrdinalIgnoreCase);
}

/// <summary>What ended a turn, as the process's output tells it.</summary>
internal abstract record TurnSignal
{
    private TurnSignal()
    {
    }

    public sealed record Result(CliMessage.Result Line, string? ErrorKind, CliMessage.ApiRetry? Retry) : TurnSignal;

    /// <summary>The line was known and not run.</summary>
    public sealed record Repeated : TurnSignal;

    /// <summary>The line was taken back before it was run.</summary>
    public sealed record Cancelled : TurnSignal;

    public sealed record ProcessEnded : TurnSignal;
}
