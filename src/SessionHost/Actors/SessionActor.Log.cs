using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.SessionHost.Actors;

internal sealed partial class SessionActor
{
    [LoggerMessage(EventIds.IdleProcessEnded, LogLevel.Warning, "Session {SessionId}: process {Pid} ended while it was idle")]
    private static partial void LogIdleProcessEnded(ILogger logger, SessionId sessionId, int pid);

    [LoggerMessage(EventIds.TurnBroke, LogLevel.Error, "Session {SessionId}: turn {TurnId} broke (trace {TraceId})")]
    private static partial void LogTurnBroke(ILogger logger, Exception exception, SessionId sessionId, TurnId turnId, string traceId);

    [LoggerMessage(EventIds.SaveFailed, LogLevel.Warning, "Session {SessionId}: its row could not be written")]
    private static partial void LogSaveFailed(ILogger logger, Exception exception, SessionId sessionId);

    [LoggerMessage(EventIds.CommandFailed, LogLevel.Error, "Session {SessionId}: {Command} failed")]
    private static partial void LogCommandFailed(ILogger logger, Exception exception, SessionId sessionId, string command);
}
