using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.TestKit.Fakes;

/// <summary><see cref="IHostStore"/> without a storage account.</summary>
public sealed class InMemoryHostStore : IHostStore
{
    private readonly InMemoryRows<string, HostRecord> _rows = new();

    /// <summary>The rows as they are now.</summary>
    public IReadOnlyList<HostRecord> Hosts => _rows.All;

    /// <summary>Called before every write; what it throws, the write throws.</summary>
    public Action OnSave { get; set; } = () => { };

    public Task SaveAsync(HostRecord record, CancellationToken cancellationToken)
    {
        OnSave();
        _rows.Put(record.HostId, record);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<HostRecord>> ListAsync(CancellationToken cancellationToken) => Task.FromResult(_rows.All);

    public Task DeleteAsync(string hostId, CancellationToken cancellationToken)
    {
        _rows.Delete(hostId);
        return Task.CompletedTask;
    }

    public Task RemoveBeforeAsync(DateTimeOffset heartbeat, CancellationToken cancellationToken)
    {
        foreach (var host in _rows.All.Where(host => host.HeartbeatAt < heartbeat).ToArray())
        {
            _rows.Delete(host.HostId);
        }

        return Task.CompletedTask;
    }
}
