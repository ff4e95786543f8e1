namespace FunctionsBroker.Contracts.Usage;

/// <summary>What the turns under one profile have used.</summary>
public sealed record ProfileUsage
{
    public required string Profile { get; init; }

    public required UsageTotals Usage { get; init; }

    /// <summary>Null where the profile has none.</summary>
    public ProfileBudget? Budget { get; init; }
}
