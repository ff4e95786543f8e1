using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Sessions.Storage;

/// <summary>When sessions are to be looked at, because their time may be up. Reading what is due does not read the sessions.</summary>
/// <remarks>
/// <see cref="ISessionStore"/> keeps it so that every session has at least one note that falls due no later than the session
/// expires. It writes none when an expiry moves on, as it does with every turn: whoever reads a note that is due finds
/// that the session has time left, and moves the note.
/// </remarks>
public interface ISessionSchedule
{
    /// <summary>The notes that are due, in no order.</summary>
    IAsyncEnumerable<SessionDue> ListDueAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Puts a note in the place of one.</summary>
    Task MoveAsync(SessionDue due, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Drops a note.</summary>
    Task RemoveAsync(SessionDue due, CancellationToken cancellationToken);
}

/// <summary>A note that a session is to be looked at, because its time may be up.</summary>
public sealed record SessionDue(SessionId SessionId, DateTimeOffset At);
