namespace FunctionsBroker.Contracts.Sessions;

/// <summary>A part of the list of sessions, in an order that is fixed and says nothing.</summary>
public sealed record SessionPage
{
    public required IReadOnlyList<SessionResource> Sessions { get; init; }

    /// <summary>The <c>after</c> of the next page; null when this is the last one.</summary>
    public string? Next { get; init; }
}
