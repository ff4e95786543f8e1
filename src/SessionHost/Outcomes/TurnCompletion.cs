using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.SessionHost.Outcomes;

/// <summary>What a host writes into a turn's row, as a pure function.</summary>
internal static class TurnCompletion
{
    /// <summary>Closes the attempt. An answer completes the turn; whether a failure ends it is for the orchestration to say.</summary>
    public static TurnRecord Apply(TurnRecord turn, HostTurnRequest request, string hostId, FinishedTurn finished)
    {
        var last = finished.Tries is [.., var tried] ? tried : null;
        var attempt = new TurnAttempt
        {
            Number = request.Attempt,
            HostId = hostId,
            Epoch = request.Epoch,
            StartedAt = finished.StartedAt,
            FinishedAt = finished.FinishedAt,
            Outcome = finished.Outcome,
            Transport = last?.Transport,
            Process = last?.Process,
            Tries = finished.Tries,
            Problem = finished.Problem,
        };
        var closed = turn with { Attempts = Put(turn.Attempts, attempt) };
        return finished.Reply is null
            ? closed
            : closed with
            {
                Status = TurnStatus.Completed,
                Reply = finished.Reply,
                Problem = null,
                FollowedUntil = turn.ReplyTo is null ? null : finished.FollowedUntil,
                Timings = turn.Timings with
                {
                    FinishedAt = finished.FinishedAt,
                    ModelMs = finished.ModelMs,
                    ProcessMs = finished.ProcessMs,
                },
            };
    }

    // The dispatch has opened the attempt already, with the time at which it began for the caller.
    private static List<TurnAttempt> Put(IReadOnlyList<TurnAttempt> attempts, TurnAttempt closed)
    {
        var opened = attempts.FirstOrDefault(attempt => attempt.Number == closed.Number);
        return
        [
            .. attempts.Where(attempt => attempt.Number < closed.Number),
            opened is null ? closed : closed with { StartedAt = opened.StartedAt },
            .. attempts.Where(attempt => attempt.Number > closed.Number),
        ];
    }
}
