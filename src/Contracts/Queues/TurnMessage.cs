using System.Text.Json;

namespace FunctionsBroker.Contracts.Queues;

/// <summary>A message of the queue <c>turns</c>: one turn to run.</summary>
public sealed record TurnMessage
{
    /// <summary>The version of this shape, <c>1</c> or <c>1.x</c>; a missing one is read as 1.</summary>
    public string? SpecVersion { get; init; }

    public string? TurnId { get; init; }

    public string? SessionId { get; init; }

    public string? Prompt { get; init; }

    public string? Profile { get; init; }

    /// <summary>The reply queue; null means <c>replies</c>.</summary>
    public string? ReplyTo { get; init; }

    /// <summary>Comes back untouched with the reply.</summary>
    public JsonElement? Metadata { get; init; }
}
