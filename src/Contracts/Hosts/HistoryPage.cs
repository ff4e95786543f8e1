namespace FunctionsBroker.Contracts.Hosts;

/// <summary>A part of a conversation, newest first.</summary>
public sealed record HistoryPage
{
    public required IReadOnlyList<HistoryEntry> Entries { get; init; }

    /// <summary>The <c>before</c> of the next page; null when this is the last one.</summary>
    public string? Next { get; init; }
}
