using System.Text.Json;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Mailbox;

namespace FunctionsBroker.Sessions.Storage;

/// <summary>A turn's row. The prompt is kept beside it and read by its own call.</summary>
public sealed record TurnRecord
{
    public required SessionId SessionId { get; init; }

    public required TurnId TurnId { get; init; }

    public required TurnStatus Status { get; init; }

    /// <summary>SHA-256 of what was submitted, in hexadecimal: tells a repeated request from another under the same key.</summary>
    public required string RequestHash { get; init; }

    /// <summary>The profile that the caller asked for; null keeps the session's.</summary>
    public string? Profile { get; init; }

    /// <summary>What is done to the conversation before the prompt is told; null for nothing.</summary>
    public ConversationCommand? Command { get; init; }

    /// <summary>Whether its session is likely to have no further turn.</summary>
    public bool OneOff { get; init; }

    /// <summary>Who began it; null where somebody submitted it.</summary>
    public TurnOrigin? Origin { get; init; }

    /// <summary>The turn in which the work began that this one comes from; null where somebody submitted it, or that is not known.</summary>
    public TurnId? BegunBy { get; init; }

    /// <summary>The submitted turn that this one follows in the conversation, whenever later ones were submitted; null where somebody submitted it.</summary>
    public TurnId? After { get; init; }

    /// <summary>When a caller last came to wait for it who had asked for the same as another one before him; null when none did.</summary>
    public DateTimeOffset? JoinedAt { get; init; }

    /// <summary>The reply queue; null when no reply message is wanted.</summary>
    public string? ReplyTo { get; init; }

    /// <summary>The caller's metadata as it was sent.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>Names what the user sent along, which is kept beside the turn; null when nothing was.</summary>
    public string? AttachmentSetId { get; init; }

    /// <summary>What becomes of it where another turn of the session runs.</summary>
    public OnBusy OnBusy { get; init; }

    /// <summary>When it ends as expired unless it has ended before; null when it has no deadline.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The trace that the turn belongs to, as W3C Trace Context writes it; null when it came with none.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The turns of the session before it that were not known to have ended when it was added, oldest first.</summary>
    public IReadOnlyList<TurnTicket> OpenBefore { get; init; } = [];

    /// <summary>The epoch of the latest dispatch: only a host that holds it may write the outcome. 0 before the first.</summary>
    public long Epoch { get; init; }

    public IReadOnlyList<TurnAttempt> Attempts { get; init; } = [];

    /// <summary>Whether a tool was called in one of the attempts, so that it may have had an effect.</summary>
    public bool ToolsUsed { get; init; }

    public required TurnTimings Timings { get; init; }

    public Reply? Reply { get; init; }

    public Problem? Problem { get; init; }

    /// <summary>Until when the reply message is left to the front that stayed on the line for the answer; null where none did.</summary>
    public DateTimeOffset? FollowedUntil { get; init; }

    /// <summary>Whether the reply message is known to be in its queue.</summary>
    public bool Published { get; init; }

    /// <summary>Whether nothing is left to do: it has ended, and its reply message is sent where one is wanted.</summary>
    public bool IsSettled => Status.IsTerminal() && (ReplyTo is null || Published);

    /// <summary>Its place in its session's mailbox.</summary>
    public TurnTicket ToTicket() => new(TurnId) { OnBusy = OnBusy, ExpiresAt = ExpiresAt, RunsAhead = Attempts.Count > 0 };

    /// <summary>The turns that one which is added behind this one may have to wait for, oldest first.</summary>
    public IReadOnlyList<TurnTicket> ListOpen()
    {
        // One that was given to a host had its turn, so those before it have ended.
        var before = Attempts.Count > 0 ? [] : OpenBefore;

        // More than a mailbox remembers could be taken by it for turns that are new.
        return Status.IsTerminal() ? before : [.. before.TakeLast(SessionState.RecentTurns - 1), ToTicket()];
    }
}
