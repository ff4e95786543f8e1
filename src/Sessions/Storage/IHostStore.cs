namespace FunctionsBroker.Sessions.Storage;

/// <summary>The table <c>Hosts</c>.</summary>
public interface IHostStore
{
    /// <summary>Writes the row of a host; there is one writer, the host itself.</summary>
    Task SaveAsync(HostRecord record, CancellationToken cancellationToken);

    Task<IReadOnlyList<HostRecord>> ListAsync(CancellationToken cancellationToken);

    Task DeleteAsync(string hostId, CancellationToken cancellationToken);

    /// <summary>Removes the rows of hosts whose last heartbeat was before that time, by the clock of the storage. One that beats meanwhile keeps its row.</summary>
    Task RemoveBeforeAsync(DateTimeOffset heartbeat, CancellationToken cancellationToken);
}

/// <summary>A session host's row: where it is and how it is loaded, written anew with every heartbeat.</summary>
public sealed record HostRecord
{
    public required string HostId { get; init; }

    /// <summary>The base address of its host API.</summary>
    public required Uri Url { get; init; }

    /// <summary>When this run of the host began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When the row was last written, by the clock of the storage. What is given here when it is written counts for nothing.</summary>
    public required DateTimeOffset HeartbeatAt { get; init; }

    /// <summary>How often it beats; missing three beats means it is dead.</summary>
    public required TimeSpan HeartbeatInterval { get; init; }

    public int LiveProcesses { get; init; }

    public int RunningTurns { get; init; }

    public int MaxSessions { get; init; }

    /// <summary>The names of the profiles that it runs.</summary>
    public IReadOnlyList<string> Profiles { get; init; } = [];

    public bool Draining { get; init; }

    /// <summary>Whether it has missed fewer than three beats at that time.</summary>
    public bool IsAliveAt(DateTimeOffset now) => now - HeartbeatAt < HeartbeatInterval * 3;
}
