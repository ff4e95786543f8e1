using System.Diagnostics.CodeAnalysis;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Mailbox;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Functions.Fast;

/// <summary>Which turn was the newest of a session, as far as this front has seen, and whether it was answered.</summary>
/// <remarks>
/// What it remembers may be old, because other fronts add turns too. That does no harm: a turn is added only if the head is
/// still the remembered one. Thread-safe.
/// </remarks>
/// <param name="capacity">How many sessions are remembered at least; twice as many at most.</param>
internal sealed class SessionHeads(ITurnStore turns, int capacity = SessionHeads.DefaultCapacity)
{
    private const int DefaultCapacity = 10_000;

    private readonly Lock _lock = new();
    private Dictionary<SessionId, Entry> _recent = [];
    private Dictionary<SessionId, Entry> _older = [];

    /// <summary>A turn was added and is now the newest.</summary>
    public void NoteAdded(SessionId session, TurnHead head)
    {
        lock (_lock)
        {
            Put(session, new Entry(head, null));
        }
    }

    /// <summary>A turn has ended.</summary>
    public void NoteEnded(TurnRecord turn)
    {
        lock (_lock)
        {
            if (TryGet(turn.SessionId, out var entry) && entry.Head.TurnId == turn.TurnId)
            {
                Put(turn.SessionId, entry with { Answered = NewestTurn.AnswerOf(turn) });
            }
        }
    }

    /// <summary>What was remembered of the session turned out to be old, unless somebody has seen a newer head since.</summary>
    public void Forget(SessionId session, TurnHead? head)
    {
        lock (_lock)
        {
            if (TryGet(session, out var entry) && entry.Head == head)
            {
                _recent.Remove(session);
                _older.Remove(session);
            }
        }
    }

    /// <summary>Finds the session's newest turn, which the next one is to follow.</summary>
    public async Task<NewestTurn> FindAsync(SessionId session, CancellationToken cancellationToken)
    {
        var known = Find(session);
        if (known is { Answered: not null })
        {
            return new NewestTurn(known.Head, known.Answered, []);
        }

        var head = known?.Head ?? await turns.FindHeadAsync(session, cancellationToken);
        return head is not null && await turns.FindAsync(session, head.TurnId, cancellationToken) is { Value: var newest }
            ? new NewestTurn(head, NewestTurn.AnswerOf(newest), newest.ListOpen())
            : new NewestTurn(head, null, []);
    }

    private Entry? Find(SessionId session)
    {
        lock (_lock)
        {
            return TryGet(session, out var entry) ? entry : null;
        }
    }

    private bool TryGet(SessionId session, [NotNullWhen(true)] out Entry? entry) =>
        _recent.TryGetValue(session, out entry) || _older.TryGetValue(session, out entry);

    // Two generations: what was not used while the younger one filled up is forgotten, without a list to keep in order.
    private void Put(SessionId session, Entry entry)
    {
        if (_recent.Count >= capacity && !_recent.ContainsKey(session))
        {
            (_older, _recent) = (_recent, []);
        }

        _recent[session] = entry;
    }

    private sealed record Entry(TurnHead Head, TurnAttempt? Answered);
}

/// <summary>A session's newest turn. Whether it still is that, the head tells.</summary>
/// <param name="Head">Null when the session has had none.</param>
/// <param name="Answered">
/// The attempt that it was answered in: nothing runs in the session then, and its process is still on that host, most likely. Null when
/// it was not answered, or not yet.
/// </param>
/// <param name="Open">The turns up to it that are not known to have ended, oldest first.</param>
internal sealed record NewestTurn(TurnHead? Head, TurnAttempt? Answered, IReadOnlyList<TurnTicket> Open)
{
    /// <returns>Null when the turn was not answered; then it is for the mailbox to know where the session is.</returns>
    public static TurnAttempt? AnswerOf(TurnRecord turn) =>
        turn is { Status: TurnStatus.Completed, Attempts: [.., { Outcome: AttemptOutcome.Completed } last] }
            ? last with { Tries = [] }
            : null;
}
