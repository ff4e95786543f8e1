namespace FunctionsBroker.Contracts.Usage;

/// <summary>What the turns of one session have used since it began.</summary>
public sealed record SessionUsage
{
    public required string SessionId { get; init; }

    public required string Profile { get; init; }

    public required UsageTotals Usage { get; init; }

    /// <summary>What its turns may cost in all; null where it has no budget of its own.</summary>
    public decimal? BudgetUsd { get; init; }
}
