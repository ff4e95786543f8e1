namespace FunctionsBroker.Contracts.Turns;

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
