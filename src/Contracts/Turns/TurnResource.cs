using System.Text.Json;
using FunctionsBroker.Contracts.Problems;

namespace FunctionsBroker.Contracts.Turns;

/// <summary>A turn as every call of the API shows it.</summary>
public sealed record TurnResource
{
    public required string TurnId { get; init; }

    public required string SessionId { get; init; }

    public required TurnStatus Status { get; init; }

    /// <summary>What the user said; only in a list that was asked for it.</summary>
    public string? Prompt { get; init; }

    public Reply? Reply { get; init; }

    public IReadOnlyList<TurnAttempt> Attempts { get; init; } = [];

    public required TurnTimings Timings { get; init; }

    public JsonElement? Metadata { get; init; }

    public Problem? Problem { get; init; }
}
