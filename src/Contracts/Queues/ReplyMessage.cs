using System.Text.Json;
using System.Text.Json.Serialization;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Contracts.Usage;

namespace FunctionsBroker.Contracts.Queues;

/// <summary>A message of a reply queue: how one turn ended.</summary>
public sealed record ReplyMessage
{
    public const string CurrentSpecVersion = "1.0";

    public string SpecVersion { get; init; } = CurrentSpecVersion;

    public string? TurnId { get; init; }

    public string? SessionId { get; init; }

    public required TurnStatus Status { get; init; }

    /// <inheritdoc cref="TurnResource.Origin"/>
    public TurnOrigin? Origin { get; init; }

    /// <inheritdoc cref="TurnResource.BegunBy"/>
    public string? BegunBy { get; init; }

    /// <summary>The answer; null when the turn failed or when <see cref="TextLocation"/> says where it is.</summary>
    public string? Text { get; init; }

    /// <summary>The API path of the turn whose reply text is too long for a queue message (64 KiB).</summary>
    public string? TextLocation { get; init; }

    public TokenUsage? Usage { get; init; }

    [JsonConverter(typeof(DollarsJsonConverter))]
    public decimal? CostUsd { get; init; }

    public string? Transport { get; init; }

    public IReadOnlyList<string> Notices { get; init; } = [];

    public IReadOnlyList<TurnAttempt> Attempts { get; init; } = [];

    public TurnTimings? Timings { get; init; }

    public JsonElement? Metadata { get; init; }

    public Problem? Problem { get; init; }

    /// <summary>The trace that the turn belongs to, as W3C Trace Context writes it.</summary>
    [JsonPropertyName("traceparent")]
    public string? TraceParent { get; init; }
}
