using FunctionsBroker.Functions.Mailbox;
using FunctionsBroker.Sessions.Errors;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Mailbox;
using FunctionsBroker.Sessions.Storage;
using Microsoft.DurableTask.Client;

namespace FunctionsBroker.Functions.Sessions;

/// <summary>Begins the end of a session for a caller, and waits for it.</summary>
internal sealed class SessionDeletion(ISessionStore sessions, ITurnStore turns, TimeProvider time)
{
    private static readonly TimeSpan s_lookAgain = TimeSpan.FromMilliseconds(100);

    /// <summary>Notes that the session is to go and closes its mailbox. Asking again changes nothing.</summary>
    /// <returns>False when there is no such session.</returns>
    public async Task<bool> BeginAsync(SessionId session, DurableTaskClient durable, CancellationToken cancellationToken)
    {
        if (!await MarkAsync(session, cancellationToken) && !HasTurns(await FindMailboxAsync(session, durable, cancellationToken)))
        {
            return false;
        }

        await CloseAsync(session, turns, durable, onlyIfExpired: false, cancellationToken);
        return true;
    }

    /// <summary>Closes a session's mailbox, and tells it of the turns that it may not have heard of, before what names the newest of them goes.</summary>
    /// <param name="onlyIfExpired">Because the session's time is up; one in use is left as it is.</param>
    public static async Task CloseAsync(SessionId session, ITurnStore turns, DurableTaskClient durable, bool onlyIfExpired, CancellationToken cancellationToken)
    {
        var open = await turns.FindHeadAsync(session, cancellationToken) is { } head && await turns.FindAsync(session, head.TurnId, cancellationToken) is { Value: var newest }
            ? newest.ListOpen()
            : [];

        // A turn that comes now belongs to the next session of this name: it waits in the mailbox, and no front sends it on.
        await turns.DropHeadAsync(session, cancellationToken);
        await SessionEntity.CloseAsync(durable, session, open, onlyIfExpired, cancellationToken);
    }

    /// <returns>Whether nothing is left of it.</returns>
    public async Task<bool> WaitAsync(SessionId session, TimeSpan limit, DurableTaskClient durable, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var hasBegun = false;
        while (time.GetElapsedTime(started) < limit)
        {
            var row = await sessions.FindAsync(session, cancellationToken);
            var mailbox = await FindMailboxAsync(session, durable, cancellationToken);

            // A mailbox that is open may not have heard yet that it is to close. Where there is no row, its turns say so.
            hasBegun |= row is not null || mailbox is { Phase: not SessionPhase.Open };
            if (row is null && mailbox is not { Phase: not SessionPhase.Open } && (hasBegun || !HasTurns(mailbox)))
            {
                return true;
            }

            await Task.Delay(s_lookAgain, time, cancellationToken);
        }

        return false;
    }

    // A host may be about to write to the row; from the moment on at which it is marked, everybody sees what is coming.
    private async Task<bool> MarkAsync(SessionId session, CancellationToken cancellationToken)
    {
        while (await sessions.FindAsync(session, cancellationToken) is { } found)
        {
            if (found.Value.DeletingSince is not null)
            {
                return true;
            }

            try
            {
                var now = time.GetUtcNow();

                // Due at once for the sweep, should what is begun here come to nothing.
                await sessions.UpdateAsync(found, found.Value with { DeletingSince = now, ExpiresAt = Earlier(found.Value.ExpiresAt, now) }, cancellationToken);
                return true;
            }
            catch (ConcurrencyConflictException)
            {
                // Somebody wrote in between: read it again and decide again.
            }
        }

        return false;
    }

    private static bool HasTurns(SessionState? mailbox) =>
        mailbox is not null && (mailbox.Running is not null || mailbox.Waiting.Count > 0 || mailbox.Ending.Count > 0);

    private static async Task<SessionState?> FindMailboxAsync(SessionId session, DurableTaskClient durable, CancellationToken cancellationToken) =>
        (await durable.Entities.GetEntityAsync<SessionState>(SessionEntity.IdOf(session), includeState: true, cancellationToken))?.State;

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
