using System.Text.Json.Serialization;

namespace FunctionsBroker.Contracts.Hosts;

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
