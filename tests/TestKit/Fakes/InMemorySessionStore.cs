using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Keys;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.TestKit.Fakes;

/// <summary><see cref="ISessionStore"/> without a storage account.</summary>
public sealed class InMemorySessionStore : ISessionStore
{
    private readonly InMemoryRows<SessionId, SessionRecord> _rows = new();

    /// <summary>How many rows were written, counting every write.</summary>
    public int Writes => _rows.Writes;

    /// <summary>Called before every look at a row.</summary>
    public Action OnFind { get; set; } = () => { };

    public Task<Versioned<SessionRecord>?> FindAsync(SessionId session, CancellationToken cancellationToken)
    {
        OnFind();
        return Task.FromResult(_rows.Find(session));
    }

    public Task<Versioned<SessionRecord>> AddAsync(SessionRecord record, CancellationToken cancellationToken) =>
        _rows.TryAdd(record.SessionId, record) is { } added
            ? Task.FromResult(added)
            : Task.FromException<Versioned<SessionRecord>>(InMemoryRows<SessionId, SessionRecord>.Conflict(record.SessionId, null));

    public Task<Versioned<SessionRecord>> UpdateAsync(
        Versioned<SessionRecord> read,
        SessionRecord record,
        CancellationToken cancellationToken) =>
        Task.FromResult(_rows.Update(record.SessionId, read.ETag, record));

    public Task DeleteAsync(Versioned<SessionRecord> read, CancellationToken cancellationToken)
    {
        _rows.Delete(read.Value.SessionId, read.ETag);
        return Task.CompletedTask;
    }

    public IAsyncEnumerable<SessionRecord> ListAsync(
        SessionFilter filter,
        SessionId? after,
        int pageSize,
        CancellationToken cancellationToken) =>
        _rows.All
            .Where(filter.Matches)
            .Where(record => after is not { } last || StorageKeys.SessionOrder.Compare(record.SessionId, last) > 0)
            .OrderBy(record => record.SessionId, StorageKeys.SessionOrder)
            .ToAsyncEnumerable();
}
