using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.SessionHost.Outcomes;

/// <summary>How a turn ended on this host.</summary>
internal sealed record FinishedTurn
{
    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset FinishedAt { get; init; }

    /// <summary>Null when it failed.</summary>
    public Reply? Reply { get; init; }

    /// <summary>Null when it was answered.</summary>
    public Problem? Problem { get; init; }

    /// <summary>What was done to get the answer, in order.</summary>
    public IReadOnlyList<TurnTry> Tries { get; init; } = [];

    /// <summary>Until when its reply message is left to the front on the line; null where none is.</summary>
    public DateTimeOffset? FollowedUntil { get; init; }

    public long? ModelMs { get; init; }

    public double? ProcessMs { get; init; }

    public AttemptOutcome Outcome =>
        Problem switch
        {
            null => AttemptOutcome.Completed,
            { Code: ProblemCodes.TurnCancelled } => AttemptOutcome.Cancelled,
            _ => AttemptOutcome.Failed,
        };

    /// <summary>The same end, with one more notice in the reply if there is one.</summary>
    public FinishedTurn With(string notice) => Reply is null ? this : this with { Reply = Reply with { Notices = [.. Reply.Notices, notice] } };

    public TurnFinished ToMessage(string sessionId, HostTurnRequest request) => new()
    {
        SessionId = sessionId,
        TurnId = request.TurnId,
        Epoch = request.Epoch,
        Outcome = Outcome,
        Problem = Problem,
    };
}
