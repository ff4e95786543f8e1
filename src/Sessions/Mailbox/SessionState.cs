using System.Text.Json.Serialization;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Sessions.Mailbox;

/// <summary>What a session's entity keeps: the turn that runs, those that wait, and where the session is placed.</summary>
/// <remarks>Small on purpose: it is written whole with every operation.</remarks>
public sealed record SessionState
{
    public const int CurrentSchemaVersion = 1;

    /// <summary>How many ended turns are remembered, so that a late repetition of their submission is known as one.</summary>
    public const int RecentTurns = 32;

    public static SessionState Empty { get; } = new();

    public int SchemaVersion { get; init; } = CurrentSchemaVersion;

    public TurnTicket? Running { get; init; }

    /// <summary>First in, first out.</summary>
    public IReadOnlyList<TurnTicket> Waiting { get; init; } = [];

    /// <summary>The turns that end without running, until their replies are published.</summary>
    public IReadOnlyList<TurnId> Ending { get; init; } = [];

    public Placement? Placement { get; init; }

    /// <summary>The turns that ended last, newest last.</summary>
    public IReadOnlyList<TurnId> Recent { get; init; } = [];

    [JsonConverter(typeof(JsonStringEnumConverter<SessionPhase>))]
    public SessionPhase Phase { get; init; }

    /// <summary>Whether the session is to be closed anew when the erasure that runs has ended.</summary>
    public bool CloseAgain { get; init; }
}

/// <summary>Whether a session's turns may begin.</summary>
public enum SessionPhase
{
    /// <summary>They do.</summary>
    Open,

    /// <summary>The session is to be erased when the turns that came before that have ended; later ones wait.</summary>
    Closing,

    /// <summary>The session is being erased; turns wait.</summary>
    Erasing,
}

/// <summary>A turn's place in its session's queue. Prompt and reply stay in the Turns table.</summary>
public sealed record TurnTicket(TurnId TurnId)
{
    /// <summary>What becomes of it where another turn of the session runs.</summary>
    public OnBusy OnBusy { get; init; }

    /// <summary>When it ends as expired unless it has ended before; null when it has no deadline.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The host that has the turn already, because the session was found idle; null when none has.</summary>
    public TurnDispatch? Dispatched { get; init; }

    /// <summary>
    /// The turns before it that were not known to have ended when it was added, oldest first; null when all had. Only a submission has
    /// it: theirs may be on their way still, or be lost with a process that was killed, and this one must not overtake them.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<TurnTicket>? OpenBefore { get; init; }

    /// <summary>True for one that a host was given already: where it has to wait, only the end of the turn before has not been heard of.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool RunsAhead { get; init; }

    /// <summary>True for one that runs ahead and is to be stopped, as soon as it is its turn.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Interrupted { get; init; }
}

/// <summary>That a host was given a turn ahead of the mailbox, and has it.</summary>
/// <param name="Placement">The host, and the epoch under which it has the turn.</param>
/// <param name="OtherHosts">The hosts that could have taken it as well.</param>
public sealed record TurnDispatch(Placement Placement, IReadOnlyList<string> OtherHosts);

/// <summary>Which host has the session, and since which epoch.</summary>
public sealed record Placement(string HostId, long Epoch)
{
    /// <summary>Which run of the host it was, by the run's beginning; null when it is not known.</summary>
    public DateTimeOffset? HostStartedAt { get; init; }
}
