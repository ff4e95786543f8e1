using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Sessions.Storage;

/// <summary>The table <c>Turns</c>: every turn with its prompt, attempts and reply.</summary>
public interface ITurnStore
{
    /// <summary>Inserts a turn and its prompt, whole or not at all.</summary>
    /// <returns>Null when it was inserted; the turn that was there before under the same id otherwise.</returns>
    Task<Versioned<TurnRecord>?> AddAsync(TurnRecord record, string prompt, CancellationToken cancellationToken);

    Task<Versioned<TurnRecord>?> FindAsync(SessionId session, TurnId turn, CancellationToken cancellationToken);

    /// <summary>Reads a turn together with its prompt, as a dispatch needs them.</summary>
    Task<TurnWithPrompt?> FindWithPromptAsync(SessionId session, TurnId turn, CancellationToken cancellationToken);

    /// <summary>Replaces the row if it is still as it was read.</summary>
    /// <exception cref="Errors.ConcurrencyConflictException">It is not.</exception>
    Task<Versioned<TurnRecord>> UpdateAsync(Versioned<TurnRecord> read, TurnRecord record, CancellationToken cancellationToken);
}
