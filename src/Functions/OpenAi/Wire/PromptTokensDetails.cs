namespace FunctionsBroker.Functions.OpenAi.Wire;

/// <param name="CachedTokens">How many of the prompt's tokens a cache supplied.</param>
internal sealed record PromptTokensDetails(long CachedTokens);
