using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Functions.Hosts;

/// <summary>Which session hosts there are. What it knows is at most a second old.</summary>
internal sealed class HostDirectory(IHostStore store, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_goodForAGuess = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _reading = new(1, 1);
    private Snapshot? _snapshot;

    public async Task<IReadOnlyList<HostRecord>> ListAsync(CancellationToken cancellationToken)
    {
        if (Current(s_fresh) is { } current)
        {
            return current.Hosts;
        }

        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (Current(s_fresh) is { } meanwhile)
            {
                return meanwhile.Hosts;
            }

            var asked = time.GetTimestamp();
            var hosts = await store.ListAsync(cancellationToken);
            Volatile.Write(ref _snapshot, new Snapshot(hosts, asked));
            return hosts;
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>A host that may be given a turn, as it was a moment ago: whoever asks is ready to be refused by it.</summary>
    /// <returns>Null when no such host was up then.</returns>
    public async Task<HostRecord?> GuessAsync(string hostId, CancellationToken cancellationToken)
    {
        var (hosts, age) = Current(s_goodForAGuess) is { } known
            ? (known.Hosts, time.GetElapsedTime(known.AskedAt))
            : (await ListAsync(cancellationToken), TimeSpan.Zero);
        return hosts.FirstOrDefault(host => host.HostId == hostId && !host.Draining && host.IsAliveAt(time.GetUtcNow() - age));
    }

    /// <summary>The profiles that at least one living host runs.</summary>
    public async Task<IReadOnlySet<string>> ListProfilesAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var hosts = await ListAsync(cancellationToken);
        return hosts.Where(host => host.IsAliveAt(now)).SelectMany(host => host.Profiles).ToHashSet(StringComparer.Ordinal);
    }

    public void Dispose() => _reading.Dispose();

    private Snapshot? Current(TimeSpan maxAge) =>
        Volatile.Read(ref _snapshot) is { } snapshot && time.GetElapsedTime(snapshot.AskedAt) < maxAge ? snapshot : null;

    private sealed record Snapshot(IReadOnlyList<HostRecord> Hosts, long AskedAt);
}
