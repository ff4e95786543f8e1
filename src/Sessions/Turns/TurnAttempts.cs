using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Sessions.Turns;

/// <summary>The legal changes of a turn's row, as pure functions.</summary>
public static class TurnAttempts
{
    /// <summary>Opens an attempt under an epoch. Attempts that were still open are closed as what became of them.</summary>
    /// <param name="previousProblem">Why the attempt before was given up; null when its host went away.</param>
    public static TurnRecord Begin(
        TurnRecord turn,
        string hostId,
        long epoch,
        Problem? previousProblem,
        DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(turn);

        var earlier = turn.Attempts.Select(attempt => Abandon(attempt, previousProblem, now));
        var attempt = new TurnAttempt
        {
            Number = turn.Attempts.Count + 1,
            HostId = hostId,
            Epoch = epoch,
            StartedAt = now,
            Outcome = AttemptOutcome.Running,
        };
        return turn with
        {
            Status = TurnStatus.Running,
            Epoch = epoch,
            Attempts = [.. earlier, attempt],
            Timings = turn.Timings with { StartedAt = turn.Timings.StartedAt ?? now },
        };
    }

    /// <summary>Takes back an attempt that no host took: nothing of it ran, so it is none.</summary>
    public static TurnRecord Withdraw(TurnRecord turn)
    {
        ArgumentNullException.ThrowIfNull(turn);

        return turn.Attempts is [.., { Outcome: AttemptOutcome.Running }] ? turn with { Attempts = [.. turn.Attempts.SkipLast(1)] } : turn;
    }

    /// <summary>Ends a turn that has no reply, in the one way that its problem says. One that has ended already stays as it is.</summary>
    public static TurnRecord End(TurnRecord turn, Problem problem, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(problem);

        return problem.Code switch
        {
            ProblemCodes.TurnCancelled => Cancel(turn, now),
            ProblemCodes.TurnExpired => Expire(turn, now),
            _ => Fail(turn, problem, now),
        };
    }

    /// <summary>Ends a turn that failed. One that has ended already stays as it is.</summary>
    public static TurnRecord Fail(TurnRecord turn, Problem problem, DateTimeOffset now) =>
        End(turn, TurnStatus.Failed, AttemptOutcome.Failed, problem, now);

    /// <summary>Ends a turn that somebody cancelled. One that has ended already stays as it is.</summary>
    public static TurnRecord Cancel(TurnRecord turn, DateTimeOffset now) =>
        End(turn, TurnStatus.Cancelled, AttemptOutcome.Cancelled, ProblemCatalogue.TurnCancelled(), now);

    /// <summary>Ends a turn whose deadline has passed. One that has ended already stays as it is.</summary>
    public static TurnRecord Expire(TurnRecord turn, DateTimeOffset now) =>
        End(turn, TurnStatus.Expired, AttemptOutcome.Failed, ProblemCatalogue.TurnExpired(), now);

    private static TurnRecord End(TurnRecord turn, TurnStatus status, AttemptOutcome outcome, Problem problem, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(turn);

        return turn.Status.IsTerminal()
            ? turn
            : turn with
            {
                Status = status,
                Problem = problem,
                Attempts = [.. turn.Attempts.Select(attempt => Close(attempt, outcome, problem, now))],
                Timings = turn.Timings with { FinishedAt = now },
            };
    }

    private static TurnAttempt Abandon(TurnAttempt attempt, Problem? problem, DateTimeOffset now) =>
        problem is null
            ? Close(attempt, AttemptOutcome.Lost, ProblemCatalogue.HostLost(attempt.HostId), now)
            : Close(attempt, AttemptOutcome.Failed, problem, now);

    private static TurnAttempt Close(TurnAttempt attempt, AttemptOutcome outcome, Problem problem, DateTimeOffset now) =>
        attempt.Outcome != AttemptOutcome.Running
            ? attempt
            : attempt with { Outcome = outcome, Problem = problem, FinishedAt = now };
}
