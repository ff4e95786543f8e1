using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.TestKit.Fakes;

/// <summary><see cref="IUsageStore"/> without a storage account.</summary>
public sealed class InMemoryUsageStore : IUsageStore
{
    private readonly InMemoryRows<(DateOnly Day, string Profile, string Writer), UsageRecord> _rows = new();

    /// <summary>How many rows were written, counting every write.</summary>
    public int Writes => _rows.Writes;

    /// <summary>Called before every write; what it throws, the write throws.</summary>
    public Action<UsageRecord> OnSave { get; set; } = _ => { };

    public Task SaveAsync(UsageRecord record, CancellationToken cancellationToken)
    {
        OnSave(record);
        _rows.Put((record.Day, record.Profile, record.Writer), record);
        return Task.CompletedTask;
    }

    public IAsyncEnumerable<UsageRecord> ListAsync(DateOnly first, DateOnly last, CancellationToken cancellationToken) =>
        _rows.All.Where(row => row.Day >= first && row.Day <= last).ToAsyncEnumerable();

    public Task RemoveBeforeAsync(DateOnly day, CancellationToken cancellationToken)
    {
        foreach (var row in _rows.All.Where(row => row.Day < day))
        {
            _rows.Delete((row.Day, row.Profile, row.Writer));
        }

        return Task.CompletedTask;
    }
}
