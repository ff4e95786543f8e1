using System.Text.Json;
using System.Text.Json.Serialization;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.Contracts.Queues;

/// <summary>The storage queues that the broker owns.</summary>
public static class QueueNames
{
    public const string Turns = "turns";

    public const string Poison = "turns-poison";

    public const string Replies = "replies";
}

/// <summary>A message of the queue <c>turns</c>: one turn to run.</summary>
public sealed record TurnMessage
{
    /// <summary>The version of this shape, <c>1</c> or <c>1.x</c>; a missing one is read as 1.</summary>
    public string? SpecVersion { get; init; }

    [JsonConverter(typeof(IdTextConverter))]
    public string? TurnId { get; init; }

    [JsonConverter(typeof(IdTextConverter))]
    public string? SessionId { get; init; }

    public string? Prompt { get; init; }

    /// <summary>What is done to the conversation before the prompt is told: <c>clear</c> or <c>compact</c>; null for nothing.</summary>
    public string? Command { get; init; }

    public string? Profile { get; init; }

    /// <summary>The reply queue; null means <c>replies</c>.</summary>
    public string? ReplyTo { get; init; }

    /// <summary>What to do while another turn of the session runs: <c>queue</c>, the default, <c>interrupt</c> or <c>reject</c>.</summary>
    public string? OnBusy { get; init; }

    /// <summary>How long the turn may take from the moment it is read from the queue to its end: 1 to 86400 seconds; null sets no limit of its own.</summary>
    public int? DeadlineSeconds { get; init; }

    /// <summary>What the user sends along, as far as it fits into a message.</summary>
    public IReadOnlyList<Attachment>? Attachments { get; init; }

    /// <summary>The trace that the turn belongs to, as W3C Trace Context writes it; what is none is ignored.</summary>
    [JsonPropertyName("traceparent")]
    public string? TraceParent { get; init; }

    /// <summary>Comes back untouched with the reply.</summary>
    public JsonElement? Metadata { get; init; }
}

/// <summary>A message of <c>turns-poison</c> that the broker put there itself: what came in, and why it was refused.</summary>
public sealed record PoisonMessage
{
    public required Problem Problem { get; init; }

    /// <summary>The refused text; shortened when it would not fit into a message together with its reason.</summary>
    public required string Original { get; init; }

    public bool Shortened { get; init; }

    /// <summary>The id that the queue gave the refused message.</summary>
    public required string MessageId { get; init; }

    public required DateTimeOffset RefusedAt { get; init; }
}
