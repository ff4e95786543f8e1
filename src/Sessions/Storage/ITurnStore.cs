using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Sessions.Storage;

/// <summary>The table <c>Turns</c>: every turn with its prompt, attempts and reply.</summary>
public interface ITurnStore
{
    /// <summary>Inserts a turn and its prompt as the newest of its session, whole or not at all.</summary>
    /// <param name="after">The turn that it has to follow directly; null for whichever is the newest.</param>
    Task<TurnAddition> AddAsync(TurnRecord record, string prompt, TurnHead? after, CancellationToken cancellationToken);

    /// <returns>Null when the session has had no turn.</returns>
    Task<TurnHead?> FindHeadAsync(SessionId session, CancellationToken cancellationToken);

    /// <summary>Makes every head that somebody remembers old, so that the next turn is left to the mailbox.</summary>
    Task DropHeadAsync(SessionId session, CancellationToken cancellationToken);

    Task<Versioned<TurnRecord>?> FindAsync(SessionId session, TurnId turn, CancellationToken cancellationToken);

    /// <summary>Reads a turn together with its prompt, as a dispatch needs them.</summary>
    Task<TurnWithPrompt?> FindWithPromptAsync(SessionId session, TurnId turn, CancellationToken cancellationToken);

    /// <summary>Replaces the row if it is still as it was read.</summary>
    /// <exception cref="Errors.ConcurrencyConflictException">It is not.</exception>
    Task<Versioned<TurnRecord>> UpdateAsync(Versioned<TurnRecord> read, TurnRecord record, CancellationToken cancellationToken);

    /// <summary>Lists a session's turns, newest first.</summary>
    /// <param name="before">Begins behind this one, whether it is still there or not; null begins at the newest.</param>
    /// <param name="limit">At most so many, 1 to 1000.</param>
    Task<IReadOnlyList<TurnListing>> ListAsync(
        SessionId session,
        TurnListing? before,
        int limit,
        CancellationToken cancellationToken);

    /// <summary>Finds turns that are not settled, in no order, without reading those that are; a reply's long text is left out.</summary>
    /// <param name="createdBefore">Younger ones may be on their way.</param>
    /// <param name="lookBack">How long before that time a session must have had a new turn to be looked at: what this costs goes with the number of such sessions.</param>
    IAsyncEnumerable<TurnRecord> ListOpenAsync(DateTimeOffset createdBefore, TimeSpan lookBack, CancellationToken cancellationToken);

    /// <summary>Removes the turns of a session that were created before a time and have ended, with everything that belongs to them.</summary>
    /// <param name="limit">How many turns are removed at most.</param>
    /// <returns>False when there are more.</returns>
    Task<bool> EraseEndedAsync(
        SessionId session,
        DateTimeOffset createdBefore,
        int limit,
        CancellationToken cancellationToken);
}
