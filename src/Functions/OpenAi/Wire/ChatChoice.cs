namespace FunctionsBroker.Functions.OpenAi.Wire;

/// <summary>An answer.</summary>
internal sealed record ChatChoice
{
    public int Index { get; init; }

    public required ChatAnswer Message { get; init; }

    public string FinishReason { get; init; } = FinishReasons.Stop;

    /// <summary>Always null; clients expect the member.</summary>
    public object? Logprobs { get; init; }
}
