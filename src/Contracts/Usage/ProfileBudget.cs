namespace FunctionsBroker.Contracts.Usage;

/// <summary>A profile's budget and how much of it is gone.</summary>
public sealed record ProfileBudget
{
    public required BudgetPeriod Period { get; init; }

    public required decimal LimitUsd { get; init; }

    /// <summary>In the period that runs.</summary>
    public required decimal SpentUsd { get; init; }

    /// <summary>When the next period begins.</summary>
    public required DateTimeOffset ResetsAt { get; init; }
}
