using System.Text.Json;
using System.Text.Json.Serialization;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.Contracts.Events;

/// <summary>Something that happens in a turn, as its event stream tells it: one server-sent event.</summary>
/// <remarks>
/// <see cref="TurnEventJson.NameOf"/> gives the event's name, and this record its data. A stream ends with exactly one
/// <see cref="Completed"/> or <see cref="Failed"/>.
/// </remarks>
public abstract record TurnEvent
{
    private TurnEvent()
    {
    }

    /// <summary>The turn is kept durably. The front's first event; hosts do not tell it.</summary>
    public sealed record Accepted(DateTimeOffset At) : TurnEvent;

    /// <summary>The turn waits for others of its session. Told by the front, again whenever its place changes.</summary>
    /// <param name="Position">1 for the turn that is next.</param>
    public sealed record Queued(int Position) : TurnEvent;

    /// <summary>The host has begun to work on the turn.</summary>
    public sealed record Started(DateTimeOffset At) : TurnEvent;

    /// <summary>The next piece of text. All pieces since the last <see cref="Reset"/> are what the model has said so far.</summary>
    public sealed record Delta(string Text) : TurnEvent;

    /// <summary>A tool begins or ends.</summary>
    /// <param name="Id">The same at the beginning and at the end.</param>
    public sealed record Tool(string Id, ToolState State) : TurnEvent
    {
        /// <summary>At the beginning only.</summary>
        public string? Name { get; init; }

        /// <summary>The beginning of its arguments as JSON, at most 2048 characters; at the beginning only.</summary>
        public string? Input { get; init; }

        /// <summary>At the end only.</summary>
        public bool? IsError { get; init; }

        /// <summary>The beginning of what it said, at most 2048 characters; at the end only.</summary>
        public string? Output { get; init; }
    }

    /// <summary>A tool asks to be allowed, or asks the user something, and waits; or such a question has been settled.</summary>
    /// <param name="RequestId">Names the question in the call that decides it.</param>
    public sealed record Permission(string RequestId, PermissionState State) : TurnEvent
    {
        /// <summary>This and what follows: in the question only.</summary>
        public string? ToolName { get; init; }

        /// <summary>The call, as in <see cref="Tool"/>.</summary>
        public string? ToolId { get; init; }

        /// <summary>What the tool is called with.</summary>
        public JsonElement? Input { get; init; }

        /// <summary>For a person.</summary>
        public string? Description { get; init; }

        /// <summary>When it counts as denied.</summary>
        public DateTimeOffset? ExpiresAt { get; init; }
    }

    /// <summary>Drop what was rendered of the turn: what comes next stands in its place.</summary>
    /// <param name="Reason">For a person.</param>
    public sealed record Reset(string Reason) : TurnEvent;

    /// <summary>The last event of a turn that has its answer.</summary>
    public sealed record Completed(Reply Reply) : TurnEvent;

    /// <summary>The last event of a turn that has none.</summary>
    /// <param name="Outcome">Told by a host: how its attempt ended; the turn itself may be tried again.</param>
    public sealed record Failed(AttemptOutcome Outcome, Problem Problem) : TurnEvent
    {
        /// <summary>Told by the front: how the turn has ended, failed, cancelled or expired. Null in a host's stream.</summary>
        public TurnStatus? Status { get; init; }
    }

    /// <summary>Whether nothing follows.</summary>
    [JsonIgnore]
    public bool IsLast => this is Completed or Failed;
}

public enum ToolState
{
    [JsonStringEnumMemberName("started")]
    Started,

    [JsonStringEnumMemberName("ended")]
    Ended,
}

/// <summary>Where a tool's question stands. It leaves <see cref="Asked"/> once.</summary>
public enum PermissionState
{
    [JsonStringEnumMemberName("asked")]
    Asked,

    [JsonStringEnumMemberName("allowed")]
    Allowed,

    [JsonStringEnumMemberName("denied")]
    Denied,

    /// <summary>Nobody decided in time, which counts as denied.</summary>
    [JsonStringEnumMemberName("expired")]
    Expired,

    /// <summary>The tool no longer waits, or the turn has ended.</summary>
    [JsonStringEnumMemberName("withdrawn")]
    Withdrawn,
}
