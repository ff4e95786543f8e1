using System.Text.Json.Serialization;

namespace FunctionsBroker.Contracts.Turns;

public enum AttemptOutcome
{
    [JsonStringEnumMemberName("running")]
    Running,

    [JsonStringEnumMemberName("completed")]
    Completed,

    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>The host went away; what it did is unknown and no longer counts.</summary>
    [JsonStringEnumMemberName("lost")]
    Lost,

    /// <summary>Somebody cancelled the turn.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,
}
