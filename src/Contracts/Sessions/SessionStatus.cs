using System.Text.Json.Serialization;

namespace FunctionsBroker.Contracts.Sessions;

/// <summary>What a session is doing, as far as the front can see.</summary>
public enum SessionStatus
{
    /// <summary>It was configured and has not been used.</summary>
    [JsonStringEnumMemberName("new")]
    New,

    /// <summary>No host keeps a process for it; its next turn resumes the conversation.</summary>
    [JsonStringEnumMemberName("asleep")]
    Asleep,

    /// <summary>A host keeps it ready, and no turn runs.</summary>
    [JsonStringEnumMemberName("idle")]
    Idle,

    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>Its turn stands still until somebody decides whether a tool may run.</summary>
    [JsonStringEnumMemberName("waitingForPermission")]
    WaitingForPermission,

    /// <summary>It is being removed with all its files and turns.</summary>
    [JsonStringEnumMemberName("deleting")]
    Deleting,
}
