namespace FunctionsBroker.Contracts.Turns;

/// <summary>A part of a session's turns, newest first.</summary>
public sealed record TurnPage
{
    public required IReadOnlyList<TurnResource> Turns { get; init; }

    /// <summary>The <c>before</c> of the next page; null when this is the last one.</summary>
    public string? Next { get; init; }
}
