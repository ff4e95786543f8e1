using System.Text.Json.Serialization;

namespace FunctionsBroker.Contracts.Events;

public enum PermissionVerdict
{
    [JsonStringEnumMemberName("allow")]
    Allow,

    [JsonStringEnumMemberName("deny")]
    Deny,
}
