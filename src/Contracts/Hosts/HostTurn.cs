using System.Text.Json.Serialization;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.Contracts.Hosts;

/// <summary>The body of the host API's <c>POST /sessions/{sessionId}/turns</c>: run this turn.</summary>
/// <remarks>Idempotent by turn id: the same turn again joins the run that is there.</remarks>
public sealed record HostTurnRequest
{
    public required string TurnId { get; init; }

    /// <summary>The placement epoch; a host refuses one that is older than what it knows of the session.</summary>
    public required long Epoch { get; init; }

    /// <summary>Which attempt of the turn this is, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>Empty where the turn is only a command.</summary>
    public required string Prompt { get; init; }

    /// <summary>What is done to the conversation before the prompt is told.</summary>
    public ConversationCommand? Command { get; init; }

    /// <summary>Whether the session is likely to have no further turn: its process is closed at the turn's end, and it expires soon.</summary>
    public bool OneOff { get; init; }

    /// <summary>What the user sends along.</summary>
    public IReadOnlyList<Attachment> Attachments { get; init; } = [];

    /// <summary>Null keeps the session's profile, or the host's default for a new session.</summary>
    public string? Profile { get; init; }

    /// <summary>The trace that the turn belongs to, as W3C Trace Context writes it.</summary>
    [JsonPropertyName("traceparent")]
    public string? TraceParent { get; init; }

    /// <summary>Where the host posts <see cref="TurnFinished"/>.</summary>
    public required Uri CallbackUrl { get; init; }

    /// <summary>Whether an answer need not be posted there when a caller who stayed on the line was given it.</summary>
    public bool CallbackUnlessHeard { get; init; }
}

/// <summary>What a host says of a turn that it was given.</summary>
public sealed record HostTurn
{
    public required string TurnId { get; init; }

    public required long Epoch { get; init; }

    public required HostTurnState State { get; init; }

    /// <summary>How it ended, once <see cref="State"/> is finished.</summary>
    public TurnFinished? Finished { get; init; }

    /// <summary>The turn as its end stands in its row; only for a caller who stayed on the line until then.</summary>
    public TurnResource? Turn { get; init; }
}

public enum HostTurnState
{
    [JsonStringEnumMemberName("running")]
    Running,

    [JsonStringEnumMemberName("finished")]
    Finished,
}

/// <summary>A host's word that an attempt has ended. The reply itself is already in the Turns table by then.</summary>
public sealed record TurnFinished
{
    public required string SessionId { get; init; }

    public required string TurnId { get; init; }

    public required long Epoch { get; init; }

    /// <summary>Completed, failed, cancelled or lost; never running.</summary>
    public required AttemptOutcome Outcome { get; init; }

    /// <summary>Why, unless the attempt completed.</summary>
    public Problem? Problem { get; init; }
}
