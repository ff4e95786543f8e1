namespace FunctionsBroker.Functions.OpenAi.Wire;

/// <summary>How a stream is told.</summary>
internal sealed record StreamOptions
{
    /// <summary>Whether the last chunk has the usage.</summary>
    public bool? IncludeUsage { get; init; }
}
