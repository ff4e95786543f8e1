using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Sessions.Storage;

/// <summary>The table <c>Turns</c>: every turn with its prompt, attempts and reply.</summary>
public interface ITurnStore
{
    /// <summary>Inserts a turn and its prompt as the newest of its session, whole or not at all.</summary>
    /// <param name="after">The turn that it has to follow directly; null when it has to be the first.</param>
    Task<TurnAddition> AddAsync(TurnRecord record, string prompt, TurnHead? after, CancellationToken cancellationToken);

    /// <summary>Inserts a turn that has ended, and that nobody waits behind: the head stays as it is. Does nothing where it is there.</summary>
    Task AddEndedAsync(TurnRecord record, string prompt, CancellationToken cancellationToken);

    /// <returns>Null when the session has had no turn, or its head was dropped.</returns>
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

/// <summary>Which turn of a session was submitted last. It changes with every such turn that is added, and with nothing else.</summary>
/// <param name="TurnId">The newest turn.</param>
/// <param name="ETag">Of the row that says so: who adds a turn under this tag knows that no other came in between.</param>
public sealed record TurnHead(TurnId TurnId, string ETag);

/// <summary>What became of a turn that was to be added.</summary>
public abstract record TurnAddition
{
    private TurnAddition()
    {
    }

    /// <summary>It was, and is now the session's newest turn.</summary>
    public sealed record Added(TurnHead Head) : TurnAddition;

    /// <summary>A turn was there before under the same id; nothing was written.</summary>
    public sealed record Existed(Versioned<TurnRecord> Turn) : TurnAddition;

    /// <summary>The session's newest turn is not the one that this turn was to follow; nothing was written.</summary>
    public sealed record Overtaken : TurnAddition;
}

/// <summary>A turn and what the user said in it.</summary>
public sealed record TurnWithPrompt(Versioned<TurnRecord> Turn, string Prompt);

/// <summary>A turn's place in the list of its session, which is ordered by time. Its text is what a caller names to read on from it.</summary>
public sealed record TurnListing(TurnId TurnId, DateTimeOffset CreatedAt)
{
    private const char Separator = '~';

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out TurnListing? listing)
    {
        listing = text?.Split(Separator, 2) is [var at, var id]
            && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && ticks <= DateTimeOffset.MaxValue.UtcTicks
            && TurnId.TryParse(id, out var turn)
                ? new TurnListing(turn, new DateTimeOffset(ticks, TimeSpan.Zero))
                : null;
        return listing is not null;
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{CreatedAt.UtcTicks:d19}{Separator}{TurnId.Value}");
}
