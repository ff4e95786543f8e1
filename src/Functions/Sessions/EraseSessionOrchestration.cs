using FunctionsBroker.Functions.Mailbox;
using FunctionsBroker.Sessions.Identity;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Functions.Sessions;

/// <summary>Removes everything of a session, part by part, and then lets its mailbox take turns again.</summary>
internal static partial class EraseSessionOrchestration
{
    // For about an hour: hosts may be away for a while, but the turns that wait for the end of this must not wait for ever.
    private const int MostTriesForFiles = 60;
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMinutes(1);

    private static readonly TaskOptions s_retry = TaskOptions.FromRetryPolicy(new RetryPolicy(
        maxNumberOfAttempts: 300,
        firstRetryInterval: TimeSpan.FromSeconds(1),
        backoffCoefficient: 1.5,
        maxRetryInterval: TimeSpan.FromMinutes(5)));

    [Function(nameof(EraseSession))]
    public static async Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, EraseSession input)
    {
        try
        {
            await EraseAsync(context, input);
        }
        catch (TaskFailedException exception)
        {
            // What is left of it stays noted, and the sweep takes it up again.
            LogGivenUp(context.CreateReplaySafeLogger(nameof(EraseSession)), exception, input.SessionId.Value);
        }

        await context.Entities.SignalEntityAsync(SessionEntity.IdOf(input.SessionId), nameof(SessionEntity.Erased), input.SessionId);
    }

    private static async Task EraseAsync(TaskOrchestrationContext context, EraseSession input)
    {
        var tries = 0;
        EraseOutcome outcome;
        do
        {
            outcome = await context.CallActivityAsync<EraseOutcome>(
                nameof(EraseActivity.EraseStep),
                new EraseStep(input.SessionId, input.OnlyIfExpired, GiveUpFiles: tries >= MostTriesForFiles),
                s_retry);
            if (outcome == EraseOutcome.FilesLeft)
            {
                await context.CreateTimer(PauseAfter(tries++), CancellationToken.None);
            }
        }
        while (outcome != EraseOutcome.Done);
    }

    private static TimeSpan PauseAfter(int tries)
    {
        var pause = TimeSpan.FromSeconds(0.5) * Math.Pow(2, Math.Min(tries, 10));
        return pause < s_longestPause ? pause : s_longestPause;
    }

    [LoggerMessage(EventIds.EraseGivenUp, LogLevel.Error, "Session {SessionId} could not be removed; it is tried again by the sweep")]
    private static partial void LogGivenUp(ILogger logger, Exception exception, string sessionId);
}

/// <summary>Removes a part of a session. It may run twice and then has one effect.</summary>
internal sealed class EraseActivity(SessionEraser eraser)
{
    [Function(nameof(EraseStep))]
    public Task<EraseOutcome> EraseStep([ActivityTrigger] EraseStep input, CancellationToken cancellationToken) =>
        eraser.EraseAsync(input, cancellationToken);
}

/// <summary>Input of the activity that removes a part of a session.</summary>
/// <param name="OnlyIfExpired">Whether a session that has time left is to be kept.</param>
/// <param name="GiveUpFiles">Whether files that no host removes are left behind.</param>
internal sealed record EraseStep(SessionId SessionId, bool OnlyIfExpired, bool GiveUpFiles);

/// <summary>How far a session's removal has come.</summary>
internal enum EraseOutcome
{
    /// <summary>Nothing of it is left, or it is to be kept.</summary>
    Done,

    /// <summary>There is more to remove.</summary>
    More,

    /// <summary>A host has not removed the session's files; it may be asked again after a pause.</summary>
    FilesLeft,
}
