using System.Text.Json.Serialization;

namespace FunctionsBroker.Contracts.Events;

/// <summary>Where a tool's question stands. It leaves <see cref="Asked"/> once.</summary>
public enum PermissionState
{
    [JsonStringEnumMemberName("asked")]
    Asked,

    [JsonStringEnumMemberName("allowed")]
    Allowed,

    [JsonStringEnumMemberName("denied")]
    Denied,

    /// <summary>Nobody decided in time, which counts as denied.</summary>
    [JsonStringEnumMemberName("expired")]
    Expired,

    /// <summary>The tool no longer waits, or the turn has ended.</summary>
    [JsonStringEnumMemberName("withdrawn")]
    Withdrawn,
}
