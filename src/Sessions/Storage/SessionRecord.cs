using FunctionsBroker.Contracts.Usage;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Sessions.Storage;

/// <summary>A session's row.</summary>
public sealed record SessionRecord
{
    public required SessionId SessionId { get; init; }

    /// <summary>Names the session's folders on any host.</summary>
    public required RouteId RouteId { get; init; }

    /// <summary>The profile that its process runs under.</summary>
    public required string Profile { get; init; }

    /// <summary>The host that has the session; null when none has.</summary>
    public string? HostId { get; init; }

    /// <summary>Rises with every new placement; a host that holds an older one has lost the session.</summary>
    public long Epoch { get; init; }

    /// <summary>The id under which the CLI keeps the conversation (a UUID).</summary>
    public required Guid ClaudeSessionId { get; init; }

    /// <summary>The blob that has the conversation's transcript, see <see cref="TranscriptBlobs"/>; null while there is none.</summary>
    public string? TranscriptBlob { get; init; }

    /// <summary>How much of the blob counts, in bytes: the transcript's length after <see cref="TranscriptTurnId"/>.</summary>
    public long TranscriptOffset { get; init; }

    /// <summary>The SHA-256 of the transcript up to there, in lower-case hexadecimal; null where it was not taken.</summary>
    public string? TranscriptDigest { get; init; }

    /// <summary>The last turn that the transcript has up to there. Later ones that were answered have to be told to whoever takes it up.</summary>
    public TurnId? TranscriptTurnId { get; init; }

    public TurnId? LastTurnId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset LastUsedAt { get; init; }

    /// <summary>When the session may be deleted.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public UsageTotals Totals { get; init; } = UsageTotals.None;

    /// <summary>For people.</summary>
    public string? Title { get; init; }

    /// <summary>In ordinal order, each once.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>How long the session is kept after its last turn; null where the host's setting holds.</summary>
    public TimeSpan? Ttl { get; init; }

    /// <summary>What its turns may cost in all, in US dollars; null for no limit of its own.</summary>
    public decimal? BudgetUsd { get; init; }

    /// <summary>Since when the session is being deleted; null when it is not.</summary>
    public DateTimeOffset? DeletingSince { get; init; }

    /// <summary>Whether no host has ever taken it: it was only configured.</summary>
    public bool IsUnused => HostId is null && Epoch == 0;
}
