namespace FunctionsBroker.Sessions.Storage;

/// <summary>Sums over a session's completed turns.</summary>
public sealed record SessionTotals
{
    public long Turns { get; init; }

    public long InputTokens { get; init; }

    public long OutputTokens { get; init; }

    public decimal CostUsd { get; init; }
}
