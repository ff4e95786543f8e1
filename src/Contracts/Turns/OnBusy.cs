using System.Text.Json.Serialization;

namespace FunctionsBroker.Contracts.Turns;

/// <summary>What becomes of a turn that comes while another one of its session runs.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OnBusy>))]
public enum OnBusy
{
    /// <summary>It waits behind those that came before it.</summary>
    [JsonStringEnumMemberName("queue")]
    Queue,

    /// <summary>The running turn is stopped, without losing the process; this one still waits behind those that came before it.</summary>
    [JsonStringEnumMemberName("interrupt")]
    Interrupt,

    /// <summary>It is refused with <c>session_busy</c>.</summary>
    [JsonStringEnumMemberName("reject")]
    Reject,
}
