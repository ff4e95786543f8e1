using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Sessions.Storage;

/// <summary>The table <c>Sessions</c>: what must be known of a conversation to take it up on any host.</summary>
public interface ISessionStore
{
    Task<Versioned<SessionRecord>?> FindAsync(SessionId session, CancellationToken cancellationToken);

    /// <exception cref="Errors.ConcurrencyConflictException">The session has a row already.</exception>
    Task<Versioned<SessionRecord>> AddAsync(SessionRecord record, CancellationToken cancellationToken);

    /// <summary>Replaces the row if it is still as it was read.</summary>
    /// <exception cref="Errors.ConcurrencyConflictException">It is not.</exception>
    Task<Versioned<SessionRecord>> UpdateAsync(Versioned<SessionRecord> read, SessionRecord record, CancellationToken cancellationToken);

    /// <summary>Deletes the row if it is still as it was read.</summary>
    /// <exception cref="Errors.ConcurrencyConflictException">It is not.</exception>
    Task DeleteAsync(Versioned<SessionRecord> read, CancellationToken cancellationToken);

    /// <summary>Reads sessions in the order of their keys, which is the same at every call.</summary>
    /// <param name="after">Begins behind this session, whether it is still there or not; null begins at the first.</param>
    /// <param name="pageSize">How many rows are read at once, 1 to 1000.</param>
    IAsyncEnumerable<SessionRecord> ListAsync(
        SessionFilter filter,
        SessionId? after,
        int pageSize,
        CancellationToken cancellationToken);
}

/// <summary>Which sessions a list is to hold; every part that is set has to fit.</summary>
public sealed record SessionFilter
{
    /// <summary>The host that has the session, or had it last.</summary>
    public string? HostId { get; init; }

    public string? Profile { get; init; }

    public string? Tag { get; init; }

    /// <summary>With what the session's id begins.</summary>
    public string? Prefix { get; init; }

    public bool Matches(SessionRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);

        return (HostId is null || record.HostId == HostId)
            && (Profile is null || record.Profile == Profile)
            && (Prefix is null || record.SessionId.Value.StartsWith(Prefix, StringComparison.Ordinal))
            && (Tag is null || record.Tags.Contains(Tag, StringComparer.Ordinal));
    }
}
