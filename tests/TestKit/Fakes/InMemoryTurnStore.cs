using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.TestKit.Fakes;

/// <summary><see cref="ITurnStore"/> without a storage account.</summary>
public sealed class InMemoryTurnStore : ITurnStore
{
    private readonly InMemoryRows<(SessionId Session, TurnId Turn), TurnRecord> _rows = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<(SessionId Session, TurnId Turn), string> _prompts = [];

    /// <summary>Called before every update; what it throws, the update throws.</summary>
    public Action<TurnRecord> OnUpdate { get; set; } = _ => { };

    /// <summary>Called before every look at a turn; what it throws, the look throws.</summary>
    public Action OnFind { get; set; } = () => { };

    public Task<Versioned<TurnRecord>?> AddAsync(TurnRecord record, string prompt, CancellationToken cancellationToken)
    {
        var key = (record.SessionId, record.TurnId);
        lock (_lock)
        {
            if (_rows.TryAdd(key, record) is null)
            {
                return Task.FromResult(_rows.Find(key));
            }

            _prompts[key] = prompt;
            return Task.FromResult<Versioned<TurnRecord>?>(null);
        }
    }

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
}
