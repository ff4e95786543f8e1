using System.Text.Json.Serialization;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Functions.OpenAi.Wire;

/// <summary>The answer to <c>POST /v1/chat/completions</c>.</summary>
internal sealed record ChatCompletion
{
    public const string Kind = "chat.completion";

    public required string Id { get; init; }

    public string Object { get; init; } = Kind;

    /// <summary>Seconds since 1970.</summary>
    public required long Created { get; init; }

    public required string Model { get; init; }

    /// <summary>Exactly one.</summary>
    public required IReadOnlyList<ChatChoice> Choices { get; init; }

    public required ChatUsage Usage { get; init; }

    public required BrokerPart Broker { get; init; }
}

/// <summary>An answer.</summary>
internal sealed record ChatChoice
{
    public int Index { get; init; }

    public required ChatAnswer Message { get; init; }

    public string FinishReason { get; init; } = FinishReasons.Stop;

    /// <summary>Always null; clients expect the member.</summary>
    public object? Logprobs { get; init; }
}

/// <summary>What the model said.</summary>
internal sealed record ChatAnswer
{
    public const string Assistant = "assistant";

    public string Role { get; init; } = Assistant;

    public required string Content { get; init; }

    /// <summary>Always null; clients expect the member.</summary>
    public string? Refusal { get; init; }
}

/// <summary>A piece of a streamed answer.</summary>
internal sealed record ChatChunk
{
    public required string Id { get; init; }

    public string Object { get; } = "chat.completion.chunk";

    /// <summary>Seconds since 1970; the same in every piece.</summary>
    public required long Created { get; init; }

    public required string Model { get; init; }

    /// <summary>One; none in the piece that has the usage.</summary>
    public IReadOnlyList<ChunkChoice> Choices { get; init; } = [];

    public ChatUsage? Usage { get; init; }

    /// <summary>In the piece that ends the answer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BrokerPart? Broker { get; init; }
}

/// <summary>A piece of an answer.</summary>
internal sealed record ChunkChoice(ChunkDelta Delta, string? FinishReason = null)
{
    public int Index { get; init; }

    /// <summary>Always null; clients expect the member.</summary>
    public object? Logprobs { get; init; }
}

/// <summary>What a piece adds.</summary>
internal sealed record ChunkDelta
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Role { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Content { get; init; }
}

/// <summary>Why an answer ended. One that did not end well is an error, so there is one reason.</summary>
internal static class FinishReasons
{
    public const string Stop = "stop";
}

/// <summary>Tokens as this API counts them: the prompt's include those that a cache supplied.</summary>
internal sealed record ChatUsage
{
    public required long PromptTokens { get; init; }

    public required long CompletionTokens { get; init; }

    public long TotalTokens => PromptTokens + CompletionTokens;

    public required PromptTokensDetails PromptTokensDetails { get; init; }

    public static ChatUsage Of(TokenUsage usage) => new()
    {
        PromptTokens = usage.InputTokens + usage.CacheReadTokens + usage.CacheWriteTokens,
        CompletionTokens = usage.OutputTokens,
        PromptTokensDetails = new PromptTokensDetails(usage.CacheReadTokens),
    };
}

/// <param name="CachedTokens">How many of the prompt's tokens a cache supplied.</param>
internal sealed record PromptTokensDetails(long CachedTokens);

/// <summary>What this API has no member for.</summary>
internal sealed record BrokerPart
{
    public required string SessionId { get; init; }

    public required string TurnId { get; init; }

    public required decimal CostUsd { get; init; }

    public required string Transport { get; init; }

    public required IReadOnlyList<string> Notices { get; init; }

    public static BrokerPart Of(TurnRecord turn, Reply reply) => new()
    {
        SessionId = turn.SessionId.Value,
        TurnId = turn.TurnId.Value,
        CostUsd = reply.CostUsd,
        Transport = reply.Transport,
        Notices = reply.Notices,
    };
}
