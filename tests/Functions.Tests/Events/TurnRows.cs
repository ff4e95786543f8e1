using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.Sessions.Turns;

namespace FunctionsBroker.Functions.Tests.Events;

/// <summary>Rows of a turn in the states that it goes through.</summary>
internal static class TurnRows
{
    public static readonly SessionId Session = SessionId.Parse("room:1");
    public static readonly TurnId Turn = TurnId.Parse("turn-1");
    public static readonly DateTimeOffset Began = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static TurnRecord Queued() => new()
    {
        SessionId = Session,
        TurnId = Turn,
        Status = TurnStatus.Queued,
        RequestHash = "hash",
        Timings = new TurnTimings { CreatedAt = Began },
    };

    /// <summary>With a running attempt behind those that the turn has.</summary>
    public static TurnRecord RunOn(this TurnRecord turn, string hostId) =>
        TurnAttempts.Begin(turn, hostId, turn.Epoch + 1, previousProblem: null, Began.AddSeconds(turn.Attempts.Count + 1));

    public static TurnRecord Complete(this TurnRecord turn, string text, DateTimeOffset at) => turn with
    {
        Status = TurnStatus.Completed,
        Reply = ReplyOf(text),
        Attempts = [.. turn.Attempts.SkipLast(1), turn.Attempts[^1] with { Outcome = AttemptOutcome.Completed, FinishedAt = at }],
        Timings = turn.Timings with { FinishedAt = at },
    };

    public static TurnRecord End(this TurnRecord turn, TurnStatus status, Problem problem) =>
        turn with { Status = status, Problem = problem, Timings = turn.Timings with { FinishedAt = Began.AddMinutes(1) } };

    public static Reply ReplyOf(string text) => new() { Text = text, Transport = "stream-json" };
}
