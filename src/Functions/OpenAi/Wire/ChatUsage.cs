using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.Functions.OpenAi.Wire;

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
