using System.Runtime.CompilerServices;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Sessions;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Keys;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Functions.Sessions;

/// <summary>Reads sessions for callers of the API: what the table knows, and what their hosts say of them.</summary>
internal sealed class SessionReader(ISessionStore sessions, LiveSessions live)
{
    public async Task<SessionPage> ListAsync(SessionListing listing, CancellationToken cancellationToken)
    {
        var snapshot = await live.ListAsync(cancellationToken);
        var candidates = listing.IsOfAwake
            ? FindAwakeAsync(listing, snapshot, cancellationToken)
            : sessions.ListAsync(listing.Filter, listing.After, listing.Limit + 1, cancellationToken);
        List<SessionResource> page = [];
        await foreach (var record in candidates)
        {
            var session = record.ToResource(snapshot.Find(record));
            if (listing.Status is { } wanted && session.Status != wanted)
            {
                continue;
            }

            if (page.Count == listing.Limit)
            {
                return new SessionPage { Sessions = page, Next = page[^1].SessionId };
            }

            page.Add(session);
        }

        return new SessionPage { Sessions = page };
    }

    /// <returns>Null when there is no such session.</returns>
    public async Task<SessionResource?> FindAsync(SessionId session, CancellationToken cancellationToken) =>
        await sessions.FindAsync(session, cancellationToken) is { Value: var record }
            ? await DescribeAsync(record, cancellationToken)
            : null;

    public async Task<SessionResource> DescribeAsync(SessionRecord record, CancellationToken cancellationToken) =>
        record.ToResource(await live.FindAsync(record, cancellationToken));

    // However many sessions there are, only as many are awake as the hosts have processes.
    private async IAsyncEnumerable<SessionRecord> FindAwakeAsync(
        SessionListing listing,
        LiveSnapshot snapshot,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var ids = snapshot.Sessions.Where(id => listing.After is not { } after || StorageKeys.SessionOrder.Compare(id, after) > 0);
        foreach (var id in ids)
        {
            if (await sessions.FindAsync(id, cancellationToken) is { Value: var record } && listing.Filter.Matches(record))
            {
                yield return record;
            }
        }
    }
}

/// <summary>A session's row as the outside sees it.</summary>
internal static class SessionRecordExtensions
{
    /// <param name="live">What the session's host says; null when it keeps it no longer awake.</param>
    public static SessionResource ToResource(this SessionRecord session, HostSession? live) => new()
    {
        SessionId = session.SessionId.Value,
        Status = StatusOf(session, live),
        Profile = session.Profile,
        Title = session.Title,
        Tags = session.Tags,
        HostId = session.HostId,
        RunningTurnId = live?.TurnId,
        LastTurnId = session.LastTurnId?.Value,
        CreatedAt = session.CreatedAt,
        LastUsedAt = session.LastUsedAt,
        ExpiresAt = session.ExpiresAt,
        TtlSeconds = (int?)session.Ttl?.TotalSeconds,
        BudgetUsd = session.BudgetUsd,
        Usage = session.Totals,
    };

    private static SessionStatus StatusOf(SessionRecord session, HostSession? live) =>
        live switch
        {
            _ when session.DeletingSince is not null => SessionStatus.Deleting,
            null => session.IsUnused ? SessionStatus.New : SessionStatus.Asleep,
            { State: HostSessionState.WaitingForPermission } => SessionStatus.WaitingForPermission,
            { TurnId: not null } => SessionStatus.Running,
            { State: HostSessionState.Closing } => SessionStatus.Asleep,
            _ => SessionStatus.Idle,
        };
}
