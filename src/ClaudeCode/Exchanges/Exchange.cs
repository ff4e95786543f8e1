namespace FunctionsBroker.ClaudeCode.Exchanges;

/// <summary>A prompt and its answer.</summary>
public sealed record Exchange
{
    public required string TurnId { get; init; }

    public required string Prompt { get; init; }

    public required string Answer { get; init; }
}
