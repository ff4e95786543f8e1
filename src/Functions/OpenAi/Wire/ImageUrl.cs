namespace FunctionsBroker.Functions.OpenAi.Wire;

/// <summary>An image of a message.</summary>
internal sealed record ImageUrl
{
    /// <summary>A <c>data:</c> URL; the broker fetches nothing.</summary>
    public string? Url { get; init; }
}
