using FunctionsBroker.Contracts.Usage;

namespace FunctionsBroker.Contracts.Sessions;

/// <summary>A session as every call of the API shows it.</summary>
public sealed record SessionResource
{
    public required string SessionId { get; init; }

    public required SessionStatus Status { get; init; }

    /// <summary>What its process runs under.</summary>
    public required string Profile { get; init; }

    public string? Title { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The host that has it, or had it last; null before its first turn.</summary>
    public string? HostId { get; init; }

    /// <summary>The turn that runs.</summary>
    public string? RunningTurnId { get; init; }

    /// <summary>How many turns wait; only where one session is asked for.</summary>
    public int? WaitingTurns { get; init; }

    /// <summary>The turn that ended last.</summary>
    public string? LastTurnId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset LastUsedAt { get; init; }

    /// <summary>When it is deleted if it is not used before.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>How long it is kept after its last turn, in seconds; null where the hosts' setting holds.</summary>
    public int? TtlSeconds { get; init; }

    /// <summary>What its turns may cost in all; null where it has no budget of its own.</summary>
    public decimal? BudgetUsd { get; init; }

    /// <summary>What its turns have used.</summary>
    public required UsageTotals Usage { get; init; }
}
