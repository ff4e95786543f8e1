using FunctionsBroker.Functions.Hosts;
using FunctionsBroker.Sessions.Errors;
using FunctionsBroker.Sessions.Storage;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Functions.Sessions;

/// <summary>Removes a session: first from the host that has it, then its files, its turns and its row.</summary>
/// <remarks>
/// Called while the mailbox runs no turn of the session. The row goes last: until then it says what is left to be done, to
/// whoever goes on after a crash. Turns that have not ended are of the conversation that comes next, and stay.
/// </remarks>
internal sealed partial class SessionEraser(
    ISessionStore sessions,
    ITurnStore turns,
    HostDirectory hosts,
    HostSessionsClient client,
    TimeProvider time,
    ILogger<SessionEraser> logger)
{
    private const int TurnsAtOnce = 500;

    public async Task<EraseOutcome> EraseAsync(EraseStep step, CancellationToken cancellationToken)
    {
        var found = await sessions.FindAsync(step.SessionId, cancellationToken);
        if (step.OnlyIfExpired && (found is null || HasTimeLeft(found.Value)))
        {
            return EraseOutcome.Done;
        }

        var released = found is null ? null : await ReleaseAsync(found, cancellationToken);
        if (released is { Value: var session } && !await EraseFilesAsync(session, cancellationToken))
        {
            if (!step.GiveUpFiles)
            {
                return EraseOutcome.FilesLeft;
            }

            LogFilesLeft(step.SessionId.Value, session.RouteId.Value);
        }

        // What came after the deletion had begun waits in the mailbox, even where a host has answered it already.
        var begun = released?.Value.DeletingSince ?? time.GetUtcNow();
        if (!await turns.EraseEndedAsync(step.SessionId, begun, TurnsAtOnce, cancellationToken))
        {
            return EraseOutcome.More;
        }

        if (released is not null)
        {
            await sessions.DeleteAsync(released, cancellationToken);
            LogErased(step.SessionId.Value);
        }

        return EraseOutcome.Done;
    }

    private bool HasTimeLeft(SessionRecord session) =>
        session.DeletingSince is null && session.ExpiresAt > time.GetUtcNow();

    /// <summary>Takes the session from its host: from here on nothing that the host still does can be written.</summary>
    private async Task<Versioned<SessionRecord>> ReleaseAsync(Versioned<SessionRecord> found, CancellationToken cancellationToken)
    {
        while (true)
        {
            var released = found.Value with { DeletingSince = found.Value.DeletingSince ?? time.GetUtcNow() };
            if (released.HostId is not null)
            {
                released = released with { HostId = null, Epoch = released.Epoch + 1 };
            }

            if (released == found.Value)
            {
                return found;
            }

            try
            {
                return await sessions.UpdateAsync(found, released, cancellationToken);
            }
            catch (ConcurrencyConflictException)
            {
                found = await sessions.FindAsync(found.Value.SessionId, cancellationToken) ?? found;
            }
        }
    }

    /// <returns>Whether every living host has removed what it had; the first one removes what they share.</returns>
    private async Task<bool> EraseFilesAsync(SessionRecord session, CancellationToken cancellationToken)
    {
        if (session.IsUnused)
        {
            return true;
        }

        var now = time.GetUtcNow();
        var living = (await hosts.ListAsync(cancellationToken)).Where(host => host.IsAliveAt(now)).ToList();
        var erased = 0;

        // One after the other: they would get into each other's way in the folder that they share.
        foreach (var host in living)
        {
            erased += await client.EraseAsync(host, session.SessionId, session.RouteId, cancellationToken) ? 1 : 0;
        }

        return erased == living.Count && erased > 0;
    }

    [LoggerMessage(EventIds.SessionErased, LogLevel.Information, "Session {SessionId} is removed")]
    private partial void LogErased(string sessionId);

    [LoggerMessage(EventIds.SessionFilesLeft, LogLevel.Error, "Session {SessionId} is removed, but not its files in the folder {RouteId}: no host did it, or not all of them")]
    private partial void LogFilesLeft(string sessionId, string routeId);
}
