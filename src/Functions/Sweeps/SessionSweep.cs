using FunctionsBroker.Functions.Sessions;
using FunctionsBroker.Sessions.Storage;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Functions.Sweeps;

/// <summary>Ends the sessions whose time is up, and takes up removals that came to nothing.</summary>
internal sealed partial class SessionSweep(
    ISessionStore sessions,
    ITurnStore turns,
    ISessionSchedule schedule,
    TimeProvider time,
    ILogger<SessionSweep> logger)
{
    /// <summary>When a session that is to go is looked at again, should it still be there.</summary>
    public static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(10);

    /// <returns>How many sessions were told to end.</returns>
    public async Task<int> SweepAsync(DurableTaskClient durable, CancellationToken cancellationToken)
    {
        var ended = 0;
        await foreach (var due in schedule.ListDueAsync(time.GetUtcNow(), cancellationToken))
        {
            try
            {
                ended += await LookAtAsync(due, durable, cancellationToken) ? 1 : 0;
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                // One session must not keep the sweep from the others; its note is still there the next time.
                LogNotSwept(exception, due.SessionId.Value);
            }
        }

        if (ended > 0)
        {
            LogSwept(ended);
        }

        return ended;
    }

    private async Task<bool> LookAtAsync(SessionDue due, DurableTaskClient durable, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (await sessions.FindAsync(due.SessionId, cancellationToken) is not { Value: var session })
        {
            await schedule.RemoveAsync(due, cancellationToken);
            return false;
        }

        if (session.DeletingSince is null && session.ExpiresAt > now)
        {
            await schedule.MoveAsync(due, session.ExpiresAt, cancellationToken);
            return false;
        }

        await SessionDeletion.CloseAsync(session.SessionId, turns, durable, onlyIfExpired: session.DeletingSince is null, cancellationToken);
        await schedule.MoveAsync(due, now + LookAgain, cancellationToken);
        return true;
    }

    [LoggerMessage(EventIds.SessionsSwept, LogLevel.Information, "{Count} sessions are to end: their time is up")]
    private partial void LogSwept(int count);

    [LoggerMessage(EventIds.SessionNotSwept, LogLevel.Warning, "Session {SessionId} is due and could not be looked at")]
    private partial void LogNotSwept(Exception exception, string sessionId);
}
