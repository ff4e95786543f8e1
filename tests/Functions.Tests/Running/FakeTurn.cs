using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Functions.Tests.Running;

/// <summary>A turn that a fake host was given.</summary>
internal sealed record FakeTurn(SessionId Session, HostTurnRequest Request)
{
    public TurnId TurnId { get; } = TurnId.Parse(Request.TurnId);

    /// <summary>How it ended; null while it runs.</summary>
    public TurnFinished? Finished { get; set; }

    /// <summary>Completes when its end is in its row.</summary>
    public TaskCompletionSource Recorded { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether an answer is told on the line and not posted.</summary>
    public bool IsHeard { get; set; }

    public HostTurn ToHostTurn() => new()
    {
        TurnId = Request.TurnId,
        Epoch = Request.Epoch,
        State = Finished is null ? HostTurnState.Running : HostTurnState.Finished,
        Finished = Finished,
    };

    public TurnFinished ToMessage(Problem? problem) => new()
    {
        SessionId = Session.Value,
        TurnId = Request.TurnId,
        Epoch = Request.Epoch,
        Outcome = OutcomeOf(problem),
        Problem = problem,
    };

    /// <summary>The row as a host leaves it: an answer ends the turn, a failure only its attempt.</summary>
    public TurnRecord Close(TurnRecord row, string hostId, string? text, Problem? problem)
    {
        var now = TimeProvider.System.GetUtcNow();
        var attempts = row.Attempts
            .Select(attempt => attempt.Number == Request.Attempt
                ? attempt with { HostId = hostId, FinishedAt = now, Outcome = OutcomeOf(problem), Problem = problem }
                : attempt)
            .ToList();
        return text is null
            ? row with { Attempts = attempts }
            : row with
            {
                Attempts = attempts,
                Status = TurnStatus.Completed,
                Reply = new Reply { Text = text, Transport = "stream-json" },
                Timings = row.Timings with { FinishedAt = now },
            };
    }

    private static AttemptOutcome OutcomeOf(Problem? problem) =>
        problem switch
        {
            null => AttemptOutcome.Completed,
            { Code: ProblemCodes.TurnCancelled } => AttemptOutcome.Cancelled,
            _ => AttemptOutcome.Failed,
        };
}
