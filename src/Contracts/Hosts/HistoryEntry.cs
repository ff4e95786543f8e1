namespace FunctionsBroker.Contracts.Hosts;

/// <summary>Something that was said in a conversation.</summary>
public sealed record HistoryEntry
{
    /// <summary><c>user</c> or <c>assistant</c>.</summary>
    public required string Role { get; init; }

    public required string Text { get; init; }

    /// <summary>The names of the tools that were called, in order.</summary>
    public IReadOnlyList<string> Tools { get; init; } = [];

    /// <summary>The CLI's id of the message.</summary>
    public string? MessageId { get; init; }

    public DateTimeOffset? At { get; init; }
}
