namespace FunctionsBroker.Contracts.Sessions;

/// <summary>The body of <c>PUT /api/sessions/{sessionId}</c>: how the session is to be. What is left out is as if it had never been set.</summary>
public sealed record PutSessionRequest
{
    /// <summary>The profile from the next turn on; left out, the session keeps the one that it has, or begins with <c>default</c>.</summary>
    public string? Profile { get; init; }

    /// <summary>For people, at most 200 characters.</summary>
    public string? Title { get; init; }

    /// <summary>At most 16, each 1 to 64 of <c>[A-Za-z0-9._:@-]</c>; sessions can be listed by them.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>How long the session is kept after its last turn: 60 seconds to 366 days.</summary>
    public int? TtlSeconds { get; init; }

    /// <summary>What its turns may cost in all, in US dollars, 0 to 1 000 000; a turn that comes when it is spent is refused.</summary>
    public decimal? BudgetUsd { get; init; }
}
