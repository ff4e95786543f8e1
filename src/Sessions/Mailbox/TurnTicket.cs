using System.Text.Json.Serialization;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Sessions.Mailbox;

/// <summary>A turn's place in its session's queue. Prompt and reply stay in the Turns table.</summary>
public sealed record TurnTicket(TurnId TurnId)
{
    /// <summary>What becomes of it where another turn of the session runs.</summary>
    public OnBusy OnBusy { get; init; }

    /// <summary>When it ends as expired unless it has ended before; null when it has no deadline.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The host that has the turn already, because the session was found idle; null when none has.</summary>
    public TurnDispatch? Dispatched { get; init; }

    /// <summary>True for one that waits although its host runs it: only the end of the turn before has not been heard of.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool RunsAhead { get; init; }

    /// <summary>True for one that runs ahead and is to be stopped for a later one, as soon as it is its turn.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Interrupted { get; init; }
}
