using System.Text.Json.Serialization;

namespace FunctionsBroker.Contracts.Hosts;

public enum HostTurnState
{
    [JsonStringEnumMemberName("running")]
    Running,

    [JsonStringEnumMemberName("finished")]
    Finished,
}
