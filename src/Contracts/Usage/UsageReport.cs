namespace FunctionsBroker.Contracts.Usage;

/// <summary>The answer of <c>GET /api/usage</c>.</summary>
public sealed record UsageReport
{
    /// <summary>The first day (UTC) that <see cref="Total"/> and <see cref="Profiles"/> count.</summary>
    public required DateOnly From { get; init; }

    /// <summary>The last one.</summary>
    public required DateOnly To { get; init; }

    public required UsageTotals Total { get; init; }

    /// <summary>By name: those that were used, and those that have a budget.</summary>
    public required IReadOnlyList<ProfileUsage> Profiles { get; init; }

    /// <summary>The sessions that are there, a page at a time, each since its beginning.</summary>
    public required IReadOnlyList<SessionUsage> Sessions { get; init; }

    /// <summary>The <c>after</c> of the next page of sessions; null when this is the last one.</summary>
    public string? Next { get; init; }
}
