using System.Text.Json.Serialization;
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

/// <summary>What a session is doing, as far as the front can see.</summary>
public enum SessionStatus
{
    /// <summary>It was configured and has not been used.</summary>
    [JsonStringEnumMemberName("new")]
    New,

    /// <summary>No host keeps a process for it; its next turn resumes the conversation.</summary>
    [JsonStringEnumMemberName("asleep")]
    Asleep,

    /// <summary>A host keeps it ready, and no turn runs.</summary>
    [JsonStringEnumMemberName("idle")]
    Idle,

    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>Its turn stands still until somebody decides whether a tool may run.</summary>
    [JsonStringEnumMemberName("waitingForPermission")]
    WaitingForPermission,

    /// <summary>It is being removed with all its files and turns.</summary>
    [JsonStringEnumMemberName("deleting")]
    Deleting,
}

/// <summary>A part of the list of sessions, in an order that is fixed and says nothing.</summary>
public sealed record SessionPage
{
    public required IReadOnlyList<SessionResource> Sessions { get; init; }

    /// <summary>The <c>after</c> of the next page; null when this is the last one.</summary>
    public string? Next { get; init; }
}

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
