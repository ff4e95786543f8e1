using System.Text.Json.Serialization;

namespace FunctionsBroker.Contracts.Hosts;

/// <summary>What a session that is awake on a host is doing.</summary>
public enum HostSessionState
{
    /// <summary>A turn waits for its process to come up.</summary>
    [JsonStringEnumMemberName("starting")]
    Starting,

    /// <summary>No turn runs.</summary>
    [JsonStringEnumMemberName("idle")]
    Idle,

    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>A turn stands still until somebody decides whether a tool may run.</summary>
    [JsonStringEnumMemberName("waitingForPermission")]
    WaitingForPermission,

    /// <summary>A turn is being stopped.</summary>
    [JsonStringEnumMemberName("stopping")]
    Stopping,

    /// <summary>Its process is being closed; the session is kept.</summary>
    [JsonStringEnumMemberName("closing")]
    Closing,
}
