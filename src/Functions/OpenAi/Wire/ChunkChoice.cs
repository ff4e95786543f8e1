namespace FunctionsBroker.Functions.OpenAi.Wire;

/// <summary>A piece of an answer.</summary>
internal sealed record ChunkChoice(ChunkDelta Delta, string? FinishReason = null)
{
    public int Index { get; init; }

    /// <summary>Always null; clients expect the member.</summary>
    public object? Logprobs { get; init; }
}
