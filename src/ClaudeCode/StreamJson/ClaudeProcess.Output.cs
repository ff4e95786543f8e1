using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.ClaudeCode.Protocol;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.ClaudeCode.StreamJson;

public sealed partial class ClaudeProcess
{
    /// <summary>Of one pause the CLI may speak; longer ones were not measured.</summary>
    private const double LongestPauseSeconds = 120;

    private int _unusableLines;

    /// <summary>How many lines of its output were of an unknown type or no messages at all.</summary>
    public int UnusableLines => Volatile.Read(ref _unusableLines);

    private volatile Named? _conversation;

    /// <inheritdoc/>
    public Guid? ConversationId => _conversation?.Id;

    // The only consumer of the process's lines; it never waits for anybody, so the child is never held up.
    private async Task<CliExit> DemultiplexAsync()
    {
        await foreach (var line in _process.Lines.ReadAllAsync(CancellationToken.None))
        {
            Volatile.Write(ref _lastOutput, _time.GetTimestamp());
            _spoke = true;
            var message = CliMessageReader.Read(line);
            _correlation.Note(message);
            _conversation = message is CliMessage.Init { ConversationId: { } named } ? new Named(named) : _conversation;
            Dispatch(message);
            _process.Release(line);
        }

        _outputEnded = true;
        _turn?.Abandon();
        _background?.Complete();
        foreach (var request in _requests.Values)
        {
            request.TrySetException(new IOException("The process has ended."));
        }

        return await _process.Completion;
    }

    private void Dispatch(CliMessage message)
    {
        switch (message)
        {
            case CliMessage.ControlResponse response when _requests.TryRemove(response.RequestId, out var request):
                request.TrySetResult(response.Error);
                break;
            case CliMessage.ControlRequest { Question: { } question } when _turn?.TryAsk(question) == true:
                break;
            case CliMessage.ControlRequest { Subtype: "hook_callback", RequestId: var callback } when _turn?.TryHold(callback) == true:
                break;
            case CliMessage.ControlRequest { Subtype: "hook_callback", RequestId: var callback } when _background is not null && _turn is not { IsOn: true }:
                // Nobody would run it again, so nothing has to be written down before.
                Reply(CliMessageWriter.HookAnswer(callback));
                break;
            case CliMessage.ControlRequest asked:
                LogRefused(_logger, Identity.Pid, asked.Subtype);
                Reply(CliMessageWriter.ControlRefusal(asked.RequestId, "The broker does not answer this."));
                break;
            case CliMessage.ControlCancel cancelled:
                _turn?.Withdraw(cancelled.RequestId);
                break;
            case CliMessage.Unknown unknown:
                Interlocked.Increment(ref _unusableLines);
                LogUnknownMessage(_logger, Identity.Pid, unknown.Type, unknown.Raw.Length);
                break;
            case CliMessage.Invalid invalid:
                Interlocked.Increment(ref _unusableLines);
                LogInvalidLine(_logger, Identity.Pid, invalid.Raw.Length + invalid.Dropped);
                break;
            case CliMessage.ApiRetry retry:
                LogApiRetry(_logger, Identity.Pid, retry.Attempt, retry.ErrorStatus, retry.ErrorKind);

                // Nothing will be heard until the pause is over, and that is as it should be.
                Volatile.Write(ref _lastOutput, _time.GetTimestamp() + (long)(Math.Clamp(retry.Delay.TotalSeconds, 0, LongestPauseSeconds) * _time.TimestampFrequency));
                Pass(retry);
                break;
            case CliMessage.TaskNews news:
                _background?.Note(news);
                break;
            default:
                _context.Accept(message);
                Pass(message);
                break;
        }
    }

    private void Pass(CliMessage message)
    {
        if (_turn is not { } turn || !turn.TryAccept(message))
        {
            _background?.Accept(message);
        }
        else if (message is CliMessage.Lifecycle { State: LifecycleState.Started })
        {
            _background?.BeginTurn(turn.TurnId);
        }
    }

    private void Reply(ReadOnlyMemory<byte> line)
    {
        // The idle limit begins anew: what comes next is the CLI's to say.
        Volatile.Write(ref _lastOutput, _time.GetTimestamp());
        if (!_replies.TryWrite(line) && !_outputEnded)
        {
            LogFlooded(_logger, Identity.Pid);
            _process.EndAtOnce();
        }
    }

    [LoggerMessage(EventIds.UnknownMessage, LogLevel.Debug, "Process {Pid} wrote a message of the type '{Type}' ({Length} bytes), which is not used")]
    private static partial void LogUnknownMessage(ILogger logger, int pid, string type, int length);

    [LoggerMessage(EventIds.InvalidLine, LogLevel.Warning, "Process {Pid} wrote a line of {Length} bytes that is no message")]
    private static partial void LogInvalidLine(ILogger logger, int pid, long length);

    [LoggerMessage(EventIds.ApiRetry, LogLevel.Information, "Process {Pid} tries the model again (attempt {Attempt}) after status {Status} ({Kind})")]
    private static partial void LogApiRetry(ILogger logger, int pid, int attempt, int? status, string? kind);

    [LoggerMessage(EventIds.Refused, LogLevel.Warning, "Process {Pid} asked for '{Subtype}', which was refused")]
    private static partial void LogRefused(ILogger logger, int pid, string subtype);

    [LoggerMessage(EventIds.TurnTimedOut, LogLevel.Warning, "Process {Pid} is being interrupted: its turn is over the limit of {Limit}")]
    private static partial void LogTurnTimedOut(ILogger logger, int pid, TimeSpan limit);

    [LoggerMessage(EventIds.InterruptIgnored, LogLevel.Warning, "Process {Pid} did not end its turn when it was interrupted, and is killed")]
    private static partial void LogInterruptIgnored(ILogger logger, int pid);

    [LoggerMessage(EventIds.Flooded, LogLevel.Warning, "Process {Pid} asks without reading the answers, and is killed")]
    private static partial void LogFlooded(ILogger logger, int pid);

    /// <summary>A conversation's id, in a form that can be read while another one is written.</summary>
    private sealed record Named(Guid Id);
}
