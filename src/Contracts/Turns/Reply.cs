using System.Text.Json.Serialization;
using FunctionsBroker.Contracts.Usage;

namespace FunctionsBroker.Contracts.Turns;

/// <summary>The one answer to a turn.</summary>
public sealed record Reply
{
    public required string Text { get; init; }

    public TokenUsage Usage { get; init; } = new();

    /// <summary>What the turn cost in US dollars as the CLI reckons it.</summary>
    [JsonConverter(typeof(DollarsJsonConverter))]
    public decimal CostUsd { get; init; }

    /// <summary>How the answer was got: <c>stream-json</c> and, later, the fallbacks.</summary>
    public required string Transport { get; init; }

    /// <summary>What the reader should know about how this answer came about, for example that the conversation began afresh.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];
}

/// <summary>Tokens of one turn as the model counted them.</summary>
public sealed record TokenUsage
{
    public long InputTokens { get; init; }

    public long OutputTokens { get; init; }

    /// <summary>Input tokens that the prompt cache supplied.</summary>
    public long CacheReadTokens { get; init; }

    /// <summary>Input tokens that were written to the prompt cache.</summary>
    public long CacheWriteTokens { get; init; }
}
