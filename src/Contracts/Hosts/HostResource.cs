using System.Text.Json.Serialization;

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

/// <summary>What the front thinks of a session host.</summary>
public enum HostStatus
{
    [JsonStringEnumMemberName("alive")]
    Alive,

    /// <summary>It finishes what it has and takes no more turns.</summary>
    [JsonStringEnumMemberName("draining")]
    Draining,

    /// <summary>It has missed three heartbeats.</summary>
    [JsonStringEnumMemberName("dead")]
    Dead,
}

/// <summary>The answer of <c>GET /api/hosts</c>.</summary>
public sealed record HostList
{
    /// <summary>By name.</summary>
    public required IReadOnlyList<HostResource> Hosts { get; init; }
}
