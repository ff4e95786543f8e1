using FunctionsBroker.Contracts.Usage;

namespace FunctionsBroker.Functions.Configuration;

/// <summary>What may be spent under one profile, section <c>Broker:Budgets:NAME</c>. A turn that comes when it is spent is refused.</summary>
public sealed class BudgetOptions
{
    /// <summary>What all turns of a period may cost, in US dollars, 0 to 1 000 000. Default: no limit.</summary>
    public decimal? CostUsd { get; set; }

    /// <summary>How often that begins anew. Default: month.</summary>
    public BudgetPeriod Period { get; set; }

    /// <summary>What the turns of one session may cost in all where the session has no budget of its own, in US dollars, 0 to 1 000 000. Default: no limit.</summary>
    public decimal? SessionCostUsd { get; set; }
}
