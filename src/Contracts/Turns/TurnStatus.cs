using System.Text.Json.Serialization;

namespace FunctionsBroker.Contracts.Turns;

/// <summary>Where a turn stands. A turn ends in exactly one of the last four.</summary>
public enum TurnStatus
{
    /// <summary>Accepted durably and waiting for the turns before it.</summary>
    [JsonStringEnumMemberName("queued")]
    Queued,

    /// <summary>Handed to a session host.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    [JsonStringEnumMemberName("completed")]
    Completed,

    [JsonStringEnumMemberName("failed")]
    Failed,

    [JsonStringEnumMemberName("cancelled")]
    Cancelled,

    [JsonStringEnumMemberName("expired")]
    Expired,
}

public static class TurnStatusExtensions
{
    /// <summary>Whether the turn has ended, so that its status never changes again.</summary>
    public static bool IsTerminal(this TurnStatus status) => status > TurnStatus.Running;
}
