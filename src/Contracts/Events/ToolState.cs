using System.Text.Json.Serialization;

namespace FunctionsBroker.Contracts.Events;

public enum ToolState
{
    [JsonStringEnumMemberName("started")]
    Started,

    [JsonStringEnumMemberName("ended")]
    Ended,
}
