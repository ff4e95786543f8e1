namespace FunctionsBroker.Contracts.Hosts;

/// <summary>A session host as <c>GET /api/hosts</c> shows it, from its last heartbeat.</summary>
public sealed record HostResource
{
    public required string HostId { get; init; }

    public required HostStatus Status { get; init; }

    /// <summary>Where the front reaches it.</summary>
    public required Uri Url { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset HeartbeatAt { get; init; }

    public int RunningTurns { get; init; }

    public int LiveProcesses { get; init; }

    /// <summary>How many processes it may have.</summary>
    public int MaxSessions { get; init; }

    public IReadOnlyList<string> Profiles { get; init; } = [];
}
