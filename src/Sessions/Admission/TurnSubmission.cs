using System.Text.Json;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Sessions.Admission;

/// <summary>A turn that may be run: every part has been checked.</summary>
public sealed record TurnSubmission
{
    public required SessionId SessionId { get; init; }

    public required TurnId TurnId { get; init; }

    public required string Prompt { get; init; }

    public string? Profile { get; init; }

    public string? ReplyTo { get; init; }

    public JsonElement? Metadata { get; init; }
}
