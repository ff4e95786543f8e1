using System.Text.Json.Serialization;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.Contracts.Hosts;

/// <summary>The body of the host API's <c>POST /sessions/{sessionId}/turns</c>: run this turn.</summary>
/// <remarks>Idempotent by turn id: the same turn again joins the run that is there.</remarks>
public sealed record HostTurnRequest
{
    public required string TurnId { get; init; }

    /// <summary>The placement epoch; a host refuses one that is older than what it knows of the session.</summary>
    public required long Epoch { get; init; }

    /// <summary>Which attempt of the turn this is, from 1.</summary>
    public required int Attempt { get; init; }

    public required string Prompt { get; init; }

    /// <summary>What the user sends along.</summary>
    public IReadOnlyList<Attachment> Attachments { get; init; } = [];

    /// <summary>Null keeps the session's profile, or the host's default for a new session.</summary>
    public string? Profile { get; init; }

    /// <summary>The trace that the turn belongs to, as W3C Trace Context writes it.</summary>
    [JsonPropertyName("traceparent")]
    public string? TraceParent { get; init; }

    /// <summary>Where the host posts <see cref="TurnFinished"/>.</summary>
    public required Uri CallbackUrl { get; init; }
}
