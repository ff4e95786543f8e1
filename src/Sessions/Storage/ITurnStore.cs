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

    Task<Versioned<TurnRecord>?> FindAsync(SessionId session, TurnId turn, CancellationToken cancellationToken);

    /// <summary>Reads a turn together with its prompt, as a dispatch needs them.</summary>
    Task<TurnWithPrompt?> FindWithPromptAsync(SessionId session, TurnId turn, CancellationToken cancellationToken);

    /// <summary>Replaces the row if it is still as it was read.</summary>
    /// <exception cref="Errors.ConcurrencyConflictException">It is not.</exception>
    Task<Versioned<TurnRecord>> UpdateAsync(Versioned<TurnRecord> read, TurnRecord record, CancellationToken cancellationToken);
}
