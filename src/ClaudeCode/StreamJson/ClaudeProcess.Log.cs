using Microsoft.Extensions.Logging;

namespace FunctionsBroker.ClaudeCode.StreamJson;

public sealed partial class ClaudeProcess
{
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
}
