using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.SessionHost.Conversations;

/// <summary>What the log says of conversations.</summary>
internal sealed partial class ConversationKeeper
{
    [LoggerMessage(EventIds.ConversationFetched, LogLevel.Information, "Session {SessionId}: its conversation was fetched, {Bytes} bytes of transcript and {Untold} turns that it did not have")]
    private static partial void LogFetched(ILogger logger, SessionId sessionId, long bytes, int untold);

    [LoggerMessage(EventIds.ConversationNotFetched, LogLevel.Warning, "Session {SessionId}: its conversation could not be fetched; the next try is made after {Delay}")]
    private static partial void LogNotFetched(ILogger logger, Exception exception, SessionId sessionId, TimeSpan delay);

    [LoggerMessage(EventIds.TranscriptGone, LogLevel.Error, "Session {SessionId}: its transcript is not in the blob {Blob}, or not as it was written; a new conversation is begun")]
    private static partial void LogGone(ILogger logger, SessionId sessionId, string blob);

    [LoggerMessage(EventIds.TranscriptNotWhole, LogLevel.Warning, "Session {SessionId}: its transcript on this disk is gone, or not as it was written ({Bytes} bytes, of which the row tells of {Told}); it is fetched again")]
    private static partial void LogNotWhole(ILogger logger, SessionId sessionId, long bytes, long told);

    [LoggerMessage(EventIds.AnswerNotWritten, LogLevel.Warning, "Session {SessionId}: the CLI has not written its last answer into the transcript (is the disk full?); the next process is told of it from the table")]
    private static partial void LogNotWritten(ILogger logger, SessionId sessionId);

    [LoggerMessage(EventIds.ConversationNotKept, LogLevel.Warning, "Session {SessionId}: its transcript could not be kept; it is made up for with the next turn")]
    private static partial void LogNotKept(ILogger logger, Exception exception, SessionId sessionId);
}
