using System.Text.Json.Serialization;

namespace FunctionsBroker.Contracts.Hosts;

/// <summary>What a host does with a turn when the session is running another one. A host keeps no queue; the front does.</summary>
public enum HostOnBusy
{
    /// <summary>409 <c>session_busy</c>.</summary>
    [JsonStringEnumMemberName("reject")]
    Reject,

    /// <summary>The running turn is stopped first, without losing the process; it ends as <c>interrupted</c>.</summary>
    [JsonStringEnumMemberName("interrupt")]
    Interrupt,
}
