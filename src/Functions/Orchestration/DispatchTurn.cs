using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Mailbox;

namespace FunctionsBroker.Functions.Orchestration;

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
