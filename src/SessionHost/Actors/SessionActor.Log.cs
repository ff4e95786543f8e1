using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.SessionHost.Actors;

internal sealed partial class SessionActor
{
    [LoggerMessage(EventIds.ProcessStarted, LogLevel.Information, "Session {SessionId}: process {Pid} started (resumed: {Resumed})")]
    private static partial void LogProcessStarted(ILogger logger, SessionId sessionId, int pid, bool resumed);

    [LoggerMessage(EventIds.StartFailed, LogLevel.Warning, "Session {SessionId}: no process could be started: {Detail}")]
    private static partial void LogStartFailed(ILogger logger, SessionId sessionId, string? detail);

    [LoggerMessage(EventIds.ProcessCrashed, LogLevel.Warning, "Session {SessionId}: the process ended in the middle of turn {TurnId} with {Exit}; it is resumed and the turn run again")]
    private static partial void LogProcessCrashed(ILogger logger, SessionId sessionId, TurnId turnId, string exit);

    [LoggerMessage(EventIds.IdleProcessEnded, LogLevel.Warning, "Session {SessionId}: process {Pid} ended while it was idle")]
    private static partial void LogIdleProcessEnded(ILogger logger, SessionId sessionId, int pid);

    [LoggerMessage(EventIds.TurnBroke, LogLevel.Error, "Session {SessionId}: turn {TurnId} broke (trace {TraceId})")]
    private static partial void LogTurnBroke(ILogger logger, Exception exception, SessionId sessionId, TurnId turnId, string traceId);

    [LoggerMessage(EventIds.SaveFailed, LogLevel.Warning, "Session {SessionId}: its row could not be written")]
    private static partial void LogSaveFailed(ILogger logger, Exception exception, SessionId sessionId);

    [LoggerMessage(EventIds.CommandFailed, LogLevel.Error, "Session {SessionId}: {Command} failed")]
    private static partial void LogCommandFailed(ILogger logger, Exception exception, SessionId sessionId, string command);
}
