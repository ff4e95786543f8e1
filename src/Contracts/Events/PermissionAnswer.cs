using System.Text.Json;
using System.Text.Json.Serialization;

namespace FunctionsBroker.Contracts.Events;

/// <summary>The body of <c>POST …/permissions/{requestId}</c>: what somebody decides about a tool's question.</summary>
public sealed record PermissionAnswer
{
    public required PermissionVerdict Decision { get; init; }

    /// <summary>With deny: what the model is told.</summary>
    public string? Message { get; init; }

    /// <summary>With allow: an object that takes the place of the tool's arguments, which is also how a tool that asks the user something gets its answer.</summary>
    public JsonElement? UpdatedInput { get; init; }

    /// <summary>With deny: whether the turn ends with it.</summary>
    public bool Interrupt { get; init; }
}

public enum PermissionVerdict
{
    [JsonStringEnumMemberName("allow")]
    Allow,

    [JsonStringEnumMemberName("deny")]
    Deny,
}
