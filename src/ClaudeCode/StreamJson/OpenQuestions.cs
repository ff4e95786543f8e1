using FunctionsBroker.ClaudeCode.Protocol;
using FunctionsBroker.ClaudeCode.Turns;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.ClaudeCode.StreamJson;

/// <summary>What the CLI waits for in one turn: permissions, and that its tools may begin.</summary>
/// <param name="reply">Takes a line for the CLI.</param>
internal sealed partial class OpenQuestions(ITurnObserver observer, Action<ReadOnlyMemory<byte>> reply, ILogger logger)
{
    /// <summary>More than any answer's tools that were seen to ask at once; a person could not follow them.</summary>
    private const int MaxOpen = 32;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, CancellationTokenSource> _open = new(StringComparer.Ordinal);
    private readonly List<Task> _deciding = [];
    private bool _closed;

    /// <summary>Whether the turn stands still until somebody decides.</summary>
    public bool Any
    {
        get
        {
            lock (_lock)
            {
                return _open.Count > 0;
            }
        }
    }

    /// <returns>False when it is not put to anybody: too many are open, it is open already, or the turn has ended.</returns>
    public bool TryAsk(PermissionQuestion question) => TryOpen(question.RequestId, withdrawn => DecideAsync(question, withdrawn));

    /// <returns>False when the tool is not held: too many are, or the turn has ended.</returns>
    public bool TryHold(string requestId) => TryOpen(requestId, withdrawn => HoldAsync(requestId, withdrawn));

    private bool TryOpen(string requestId, Func<CancellationToken, Task> answer)
    {
        var withdrawn = new CancellationTokenSource(); // without a timer or a wait handle there is nothing to dispose of
        lock (_lock)
        {
            if (!_closed && _open.Count < MaxOpen && _open.TryAdd(requestId, withdrawn))
            {
                _deciding.RemoveAll(task => task.IsCompleted);
                _deciding.Add(Task.Run(() => AnswerAsync(requestId, answer, withdrawn)));
                return true;
            }
        }

        return false;
    }

    /// <summary>The CLI no longer waits.</summary>
    public void Withdraw(string requestId)
    {
        CancellationTokenSource? withdrawn;
        lock (_lock)
        {
            _open.TryGetValue(requestId, out withdrawn);
        }

        withdrawn?.Cancel();
    }

    /// <summary>The turn has ended: nothing is asked any more.</summary>
    public async Task CloseAsync()
    {
        List<CancellationTokenSource> open;
        List<Task> deciding;
        lock (_lock)
        {
            _closed = true;
            open = [.. _open.Values];
            deciding = [.. _deciding];
        }

        foreach (var withdrawn in open)
        {
            await withdrawn.CancelAsync();
        }

        await Task.WhenAll(deciding);
    }

    private async Task AnswerAsync(string requestId, Func<CancellationToken, Task> answer, CancellationTokenSource withdrawn)
    {
        try
        {
            await answer(withdrawn.Token);
        }
        catch (OperationCanceledException) when (withdrawn.IsCancellationRequested)
        {
            // Nobody waits for the answer.
        }
        finally
        {
            lock (_lock)
            {
                _open.Remove(requestId);
            }
        }
    }

    private async Task DecideAsync(PermissionQuestion question, CancellationToken withdrawn)
    {
        try
        {
            var decision = await observer.DecideAsync(question, withdrawn);
            withdrawn.ThrowIfCancellationRequested();
            reply(CliMessageWriter.PermissionAnswer(question, decision));
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !withdrawn.IsCancellationRequested)
        {
            LogUndecided(logger, exception, question.ToolName);
            reply(CliMessageWriter.PermissionAnswer(question, new PermissionDecision.Deny("The broker could not ask anybody.")));
        }
    }

    private async Task HoldAsync(string requestId, CancellationToken withdrawn)
    {
        await observer.BeforeToolAsync(withdrawn);
        withdrawn.ThrowIfCancellationRequested();
        reply(CliMessageWriter.HookAnswer(requestId));
    }

    [LoggerMessage(EventIds.Undecided, LogLevel.Error, "Whether tool '{Tool}' may run could not be decided; it may not")]
    private static partial void LogUndecided(ILogger logger, Exception exception, string tool);
}
