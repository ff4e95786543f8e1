using FunctionsBroker.Sessions.Errors;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.SessionHost.Claims;

/// <summary>This host's hold on one session's row: takes it, checks it, and writes it while it lasts.</summary>
/// <remarks>Every write names the tag that was read, so a host that has lost the session finds out by its next write at the latest.</remarks>
internal sealed class SessionClaim(ISessionStore store, SessionId session, string hostId, TimeSpan sessionTtl, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);

    // Null where it has to be read again before it is written.
    private Versioned<SessionRecord>? _row;
    private SessionRecord? _record;

    /// <summary>Names a new session that is to run under a profile.</summary>
    public Func<string, SessionIdentity> NewIdentity { get; init; } = _ => SessionIdentity.New();

    /// <summary>The row as this host last wrote or read it; null before the first claim.</summary>
    public SessionRecord? Record => Volatile.Read(ref _record);

    private Versioned<SessionRecord>? Row
    {
        get => _row;
        set
        {
            _row = value;
            if (value is not null)
            {
                Volatile.Write(ref _record, value.Value);
            }
        }
    }

    /// <summary>Takes the session under an epoch; makes its row on first use.</summary>
    /// <param name="trustHeld">Whether a hold that this host remembers is good enough: it costs nothing, but somebody may have taken the session since.</param>
    /// <param name="profile">What a new session runs under, or null for <paramref name="defaultProfile"/>; an existing one is changed to it unless null.</param>
    public async Task<Ownership> TakeAsync(
        long epoch,
        string? profile,
        string defaultProfile,
        bool trustHeld,
        CancellationToken cancellationToken)
    {
        if (trustHeld && Volatile.Read(ref _row)?.Value is { } held && held.Epoch == epoch && (profile is null || profile == held.Profile))
        {
            return new Ownership.Held(held, held);
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            return await RetryOnConflictAsync(() => TryTakeAsync(epoch, profile, defaultProfile, cancellationToken));
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Takes the session as it stands, without a dispatch: a new one, one of this host, or one whose host is gone.</summary>
    /// <param name="profile">What a new session runs under.</param>
    /// <param name="isAlive">Whether the host of this name lives.</param>
    public async Task<Ownership> AdoptAsync(string profile, Func<string, bool> isAlive, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return await RetryOnConflictAsync<Ownership>(async () =>
            {
                Row = await store.FindAsync(session, cancellationToken);
                if (Row?.Value is { HostId: { } holder } held && holder != hostId && isAlive(holder))
                {
                    return new Ownership.Lost(held.Epoch);
                }

                // The epoch stays: the next dispatch raises it, or keeps it where it still means this host.
                var former = Row?.Value;
                if (Row is null)
                {
                    Row = await store.AddAsync(NewRecord(0, profile), cancellationToken);
                }
                else if (Row.Value.HostId != hostId)
                {
                    Row = await store.UpdateAsync(Row, Row.Value with { HostId = hostId }, cancellationToken);
                }

                return new Ownership.Held(Row.Value, former);
            });
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Reads the row again, to know before another process is started whether the session is still here.</summary>
    public async Task<Ownership> CheckAsync(long epoch, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            Row = await store.FindAsync(session, cancellationToken);
            return Judge(Row?.Value, epoch);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Changes the row if this host still has the session under the epoch.</summary>
    /// <returns>False when it has not, and nothing was written.</returns>
    public async Task<bool> UpdateAsync(long epoch, Func<SessionRecord, SessionRecord> change, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var owned = await RetryOnConflictAsync<Ownership>(async () =>
            {
                Row ??= await store.FindAsync(session, cancellationToken);
                if (Row is null || Judge(Row.Value, epoch) is not Ownership.Held)
                {
                    return Judge(Row?.Value, epoch);
                }

                var former = Row.Value;
                Row = await store.UpdateAsync(Row, change(former), cancellationToken);
                return new Ownership.Held(Row.Value, former);
            });
            return owned is Ownership.Held;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Deletes the row, unless another host has the session.</summary>
    /// <param name="release">Called with the row before it is deleted.</param>
    public async Task<Ownership?> DeleteAsync(Func<SessionRecord, Task> release, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return await RetryOnConflictAsync<Ownership?>(async () =>
            {
                var row = await store.FindAsync(session, cancellationToken);
                Row = null;
                if (row is null)
                {
                    return null;
                }

                if (row.Value.HostId is { } holder && holder != hostId)
                {
                    return new Ownership.Lost(row.Value.Epoch);
                }

                await release(row.Value);
                await store.DeleteAsync(row, cancellationToken);
                return new Ownership.Held(row.Value, row.Value);
            });
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task<Ownership> TryTakeAsync(long epoch, string? profile, string defaultProfile, CancellationToken cancellationToken)
    {
        Row = await store.FindAsync(session, cancellationToken);
        if (Row is not { Value: var record })
        {
            Row = await store.AddAsync(NewRecord(epoch, profile ?? defaultProfile), cancellationToken);
            return new Ownership.Held(Row.Value, null);
        }

        if (record.Epoch > epoch || (record.Epoch == epoch && record.HostId != hostId))
        {
            return new Ownership.Lost(record.Epoch);
        }

        var wanted = Named(record, profile ?? record.Profile) with { HostId = hostId, Epoch = epoch };
        if (wanted != record)
        {
            Row = await store.UpdateAsync(Row, wanted, cancellationToken);
        }

        return new Ownership.Held(wanted, record);
    }

    // A session that was only configured gets its names now, so that it can be those of a process that is ready.
    private SessionRecord Named(SessionRecord record, string profile)
    {
        var named = record with { Profile = profile };
        if (!record.IsUnused)
        {
            return named;
        }

        var identity = NewIdentity(profile);
        return named with { RouteId = identity.Route, ClaudeSessionId = identity.ClaudeSessionId };
    }

    // Somebody else wrote in between: read again and decide again.
    private async Task<T> RetryOnConflictAsync<T>(Func<Task<T>> attempt)
    {
        while (true)
        {
            try
            {
                return await attempt();
            }
            catch (ConcurrencyConflictException)
            {
                Row = null;
            }
        }
    }

    private Ownership Judge(SessionRecord? record, long epoch) =>
        record is not null && record.Epoch == epoch && record.HostId == hostId
            ? new Ownership.Held(record, record)
            : new Ownership.Lost(record?.Epoch ?? 0);

    private SessionRecord NewRecord(long epoch, string profile)
    {
        var now = time.GetUtcNow();
        var identity = NewIdentity(profile);
        return new SessionRecord
        {
            SessionId = session,
            RouteId = identity.Route,
            Profile = profile,
            HostId = hostId,
            Epoch = epoch,
            ClaudeSessionId = identity.ClaudeSessionId,
            CreatedAt = now,
            LastUsedAt = now,
            ExpiresAt = now + sessionTtl,
        };
    }
}

/// <summary>Whether this host has a session.</summary>
internal abstract record Ownership
{
    private Ownership()
    {
    }

    /// <param name="Former">The session's row as it was found; null when there was none.</param>
    public sealed record Held(SessionRecord Record, SessionRecord? Former) : Ownership;

    /// <summary>Another placement has it.</summary>
    public sealed record Lost(long HeldEpoch) : Ownership;
}

/// <summary>The generated names that a session keeps for life: of its folders, and of its first conversation with the CLI.</summary>
internal readonly record struct SessionIdentity(RouteId Route, Guid ClaudeSessionId)
{
    public static SessionIdentity New() => new(RouteId.NewRouteId(), Guid.NewGuid());
}
