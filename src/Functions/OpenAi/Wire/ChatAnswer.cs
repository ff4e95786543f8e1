namespace FunctionsBroker.Functions.OpenAi.Wire;

/// <summary>What the model said.</summary>
internal sealed record ChatAnswer
{
    public const string Assistant = "assistant";

    public string Role { get; init; } = Assistant;

    public required string Content { get; init; }

    /// <summary>Always null; clients expect the member.</summary>
    public string? Refusal { get; init; }
}
