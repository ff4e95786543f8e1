namespace FunctionsBroker.Functions.OpenAi.Wire;

/// <summary>What an answer has to look like.</summary>
internal sealed record ResponseFormat
{
    public string? Type { get; init; }
}
