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
}
