using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Functions.Configuration;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Mailbox;
using FunctionsBroker.Sessions.Turns;

namespace FunctionsBroker.Functions.Orchestration;

/// <summary>Input of <see cref="TurnOrchestration"/>.</summary>
internal sealed record RunTurn(SessionId SessionId, TurnId TurnId, TurnPolicy Policy)
{
    /// <summary>Where the session was placed last; null when nowhere.</summary>
    public Placement? Placement { get; init; }

    /// <summary>The host that has the turn already, under the placement; null when it is to be given to one.</summary>
    public TurnDispatch? Dispatched { get; init; }

    /// <summary>When it ends as expired unless it has ended before; null when it has no deadline.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Why the turn may not run at all; null when it may.</summary>
    public Problem? Refusal { get; init; }
}

/// <summary>The limits under which a turn runs, fixed when it starts so that a replay sees the same.</summary>
internal sealed record TurnPolicy(int MaxAttempts, TimeSpan TurnLimit, TimeSpan ProbeInterval)
{
    public static TurnPolicy From(BrokerOptions options) =>
        new(options.MaxAttempts, options.TurnLimit, options.ProbeInterval);
}

/// <summary>Input of the orchestration that asks the one of a running turn to stop it.</summary>
/// <param name="Problem">How the turn ends, unless its answer is there first.</param>
internal sealed record StopTurn(SessionId SessionId, TurnId TurnId, Problem Problem);

/// <summary>Input of the activity that gives a turn to a host.</summary>
internal sealed record DispatchTurn(SessionId SessionId, TurnId TurnId)
{
    public Placement? Placement { get; init; }

    /// <summary>Whether the held epoch is spent, because an attempt under it was given up.</summary>
    public bool RenewEpoch { get; init; }

    /// <summary>Hosts to leave alone where there is another.</summary>
    public IReadOnlyList<string> Avoid { get; init; } = [];

    /// <summary>Why the attempt before ended; null when there was none or its host went away.</summary>
    public Problem? PreviousProblem { get; init; }

    /// <summary>Whether the attempt before was refused, so that nothing of it ran and it need not be kept.</summary>
    public bool PreviousRefused { get; init; }
}

/// <summary>What came of a dispatch: <see cref="Ended"/>, a <see cref="Setback"/>, or a turn that a host has.</summary>
internal sealed record DispatchOutcome
{
    /// <summary>The turn has ended already; nothing was sent.</summary>
    public bool Ended { get; init; }

    /// <summary>Where the turn runs, or was offered in vain.</summary>
    public Placement? Placement { get; init; }

    /// <summary>The hosts that could have taken it as well.</summary>
    public IReadOnlyList<string> OtherHosts { get; init; } = [];

    /// <summary>Why no host has the turn; null when one has.</summary>
    public TurnSetback? Setback { get; init; }

    /// <summary>How the turn ended on the host, where it has run already under this epoch.</summary>
    public TurnFinished? Finished { get; init; }
}

/// <summary>Input of the activities that ask a host what has become of a turn, and to stop it.</summary>
internal sealed record ProbeTurn(SessionId SessionId, TurnId TurnId, Placement Placement);

/// <summary>What has become of a turn.</summary>
internal sealed record ProbeOutcome
{
    /// <summary>The host no longer knows it, or is dead.</summary>
    public bool Lost { get; init; }

    /// <summary>The host did not answer, but is not dead for all that is known.</summary>
    public bool Silent { get; init; }

    /// <summary>How it ended; null while it runs or is lost.</summary>
    public TurnFinished? Finished { get; init; }
}

/// <summary>Input of the activity that ends a turn and sends its reply message.</summary>
/// <param name="Problem">Why the turn failed; null when the host has written its reply.</param>
internal sealed record PublishReply(SessionId SessionId, TurnId TurnId, Problem? Problem);
