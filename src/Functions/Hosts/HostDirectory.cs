using System.Collections.Concurrent;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Functions.Hosts;

/// <summary>Which session hosts there are. What it knows is at most a second old.</summary>
internal sealed class HostDirectory(IHostStore store, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_goodForAGuess = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _reading = new(1, 1);
    private readonly ConcurrentDictionary<string, Placed> _placed = new(StringComparer.Ordinal);
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

    /// <summary>The hosts that may be given a turn, as they were a moment ago: whoever asks is ready to be refused.</summary>
    public async Task<IReadOnlyList<HostRecord>> GuessAsync(CancellationToken cancellationToken)
    {
        var (hosts, age) = Current(s_goodForAGuess) is { } known
            ? (known.Hosts, time.GetElapsedTime(known.AskedAt))
            : (await ListAsync(cancellationToken), TimeSpan.Zero);
        var asked = time.GetUtcNow() - age;
        return [.. hosts.Where(host => !host.Draining && host.IsAliveAt(asked))];
    }

    /// <summary>The profiles that at least one living host runs.</summary>
    public async Task<IReadOnlySet<string>> ListProfilesAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var hosts = await ListAsync(cancellationToken);
        return hosts.Where(host => host.IsAliveAt(now)).SelectMany(host => host.Profiles).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Remembers that a session goes to this host, until the host's next beat tells of it.</summary>
    public void NotePlaced(HostRecord host) =>
        _placed.AddOrUpdate(
            host.HostId,
            static (_, beat) => new Placed(beat, 1),
            static (_, placed, beat) => placed.Beat == beat ? placed with { Count = placed.Count + 1 } : new Placed(beat, 1),
            host.HeartbeatAt);

    /// <summary>How many sessions this front has sent to the host since the beat that its row tells of.</summary>
    public int CountPlaced(HostRecord host) =>
        _placed.TryGetValue(host.HostId, out var placed) && placed.Beat == host.HeartbeatAt ? placed.Count : 0;

    public void Dispose() => _reading.Dispose();

    private Snapshot? Current(TimeSpan maxAge) =>
        Volatile.Read(ref _snapshot) is { } snapshot && time.GetElapsedTime(snapshot.AskedAt) < maxAge ? snapshot : null;

    private sealed record Placed(DateTimeOffset Beat, int Count);

    private sealed record Snapshot(IReadOnlyList<HostRecord> Hosts, long AskedAt);
}
