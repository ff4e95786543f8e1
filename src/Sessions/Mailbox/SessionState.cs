using System.Text.Json.Serialization;
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
