using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Keys;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.TestKit.Fakes;

/// <summary><see cref="ITurnStore"/> without a storage account.</summary>
public sealed class InMemoryTurnStore : ITurnStore
{
    private readonly InMemoryRows<(SessionId Session, TurnId Turn), TurnRecord> _rows = new();
    private readonly InMemoryRows<SessionId, TurnId> _heads = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<(SessionId Session, TurnId Turn), string> _prompts = [];

    /// <summary>Called before every update; what it throws, the update throws.</summary>
    public Action<TurnRecord> OnUpdate { get; set; } = _ => { };

    /// <summary>Called before every addition; what it throws, the addition throws.</summary>
    public Action OnAdd { get; set; } = () => { };

    /// <summary>Called before every look at a turn; what it throws, the look throws.</summary>
    public Action OnFind { get; set; } = () => { };

    public Task<TurnAddition> AddAsync(TurnRecord record, string prompt, TurnHead? after, CancellationToken cancellationToken)
    {
        OnAdd();
        var key = (record.SessionId, record.TurnId);
        lock (_lock)
        {
            if (_rows.Find(key) is { } existing)
            {
                return Task.FromResult<TurnAddition>(new TurnAddition.Existed(existing));
            }

            if (_heads.Find(record.SessionId)?.ETag != after?.ETag)
            {
                return Task.FromResult<TurnAddition>(new TurnAddition.Overtaken());
            }

            _rows.Put(key, record);
            _prompts[key] = prompt;
            var head = _heads.Put(record.SessionId, record.TurnId);
            return Task.FromResult<TurnAddition>(new TurnAddition.Added(new TurnHead(head.Value, head.ETag)));
        }
    }

    public Task AddEndedAsync(TurnRecord record, string prompt, CancellationToken cancellationToken)
    {
        OnAdd();
        lock (_lock)
        {
            _rows.Put((record.SessionId, record.TurnId), record);
            _prompts[(record.SessionId, record.TurnId)] = prompt;
        }

        return Task.CompletedTask;
    }

    public Task DropHeadAsync(SessionId session, CancellationToken cancellationToken)
    {
        _heads.Delete(session);
        return Task.CompletedTask;
    }

    public Task<TurnHead?> FindHeadAsync(SessionId session, CancellationToken cancellationToken) =>
        Task.FromResult(_heads.Find(session) is { } head ? new TurnHead(head.Value, head.ETag) : null);

    public async Task<Versioned<TurnRecord>?> FindAsync(SessionId session, TurnId turn, CancellationToken cancellationToken)
    {
        await Task.Yield();
        OnFind();
        return _rows.Find((session, turn));
    }

    public Task<TurnWithPrompt?> FindWithPromptAsync(SessionId session, TurnId turn, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var key = (session, turn);
            return Task.FromResult(_rows.Find(key) is { } row ? new TurnWithPrompt(row, _prompts[key]) : null);
        }
    }

    public async Task<Versioned<TurnRecord>> UpdateAsync(
        Versioned<TurnRecord> read,
        TurnRecord record,
        CancellationToken cancellationToken)
    {
        await Task.Yield();
        OnUpdate(record);
        return _rows.Update((record.SessionId, record.TurnId), read.ETag, record);
    }

    public IAsyncEnumerable<TurnRecord> ListOpenAsync(DateTimeOffset createdBefore, TimeSpan lookBack, CancellationToken cancellationToken) =>
        _rows.All
            .Where(turn => !turn.IsSettled)
            .Where(turn => turn.Timings.CreatedAt < createdBefore && turn.Timings.CreatedAt >= TurnActivity.HourOf(createdBefore - lookBack))
            .ToAsyncEnumerable();

    public Task<bool> EraseEndedAsync(SessionId session, DateTimeOffset createdBefore, int limit, CancellationToken cancellationToken)
    {
        var ended = _rows.All
            .Where(turn => turn.SessionId == session && turn.Status.IsTerminal() && turn.Timings.CreatedAt <= createdBefore)
            .ToList();
        foreach (var turn in ended.Take(limit))
        {
            _rows.Delete((turn.SessionId, turn.TurnId));
        }

        return Task.FromResult(ended.Count <= limit);
    }

    public Task<IReadOnlyList<TurnListing>> ListAsync(
        SessionId session,
        TurnListing? before,
        int limit,
        CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<TurnListing>>(
            [.. _rows.All
                .Where(turn => turn.SessionId == session)
                .Select(turn => (Key: StorageKeys.TurnTimeRow(turn.TurnId, turn.Timings.CreatedAt), Turn: turn))
                .Where(row => before is null || string.CompareOrdinal(row.Key, StorageKeys.TurnTimeRow(before.TurnId, before.CreatedAt)) > 0)
                .OrderBy(row => row.Key, StringComparer.Ordinal)
                .Take(limit)
                .Select(row => new TurnListing(row.Turn.TurnId, row.Turn.Timings.CreatedAt))]);
}
