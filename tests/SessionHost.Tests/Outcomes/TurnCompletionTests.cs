using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.SessionHost.Outcomes;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.SessionHost.Tests.Outcomes;

public sealed class TurnCompletionTests
{
    private static readonly DateTimeOffset s_now = DateTimeOffset.UnixEpoch;

    [Fact]
    public void Apply_Answer_CompletesTheTurnAndClosesItsAttempt()
    {
        var finished = Finished() with { Reply = new Reply { Text = "hi", Transport = "stream-json" }, ModelMs = 7, ProcessMs = 9 };

        var turn = TurnCompletion.Apply(Turn(Attempt(1, AttemptOutcome.Lost), Attempt(2, AttemptOutcome.Running)), Request(2), "host-1", finished);

        Assert.Equal(TurnStatus.Completed, turn.Status);
        Assert.Equal("hi", turn.Reply!.Text);
        Assert.Equal((7, 9), (turn.Timings.ModelMs, turn.Timings.ProcessMs));
        Assert.Equal([AttemptOutcome.Lost, AttemptOutcome.Completed], turn.Attempts.Select(attempt => attempt.Outcome));
        Assert.Equal(s_now.AddMinutes(-2), turn.Attempts[1].StartedAt);
        Assert.Equal(finished.FinishedAt, turn.Attempts[1].FinishedAt);
    }

    [Fact]
    public void Apply_Failure_ClosesTheAttemptAndLeavesTheStatus()
    {
        var finished = Finished() with { Problem = ProblemCatalogue.Interrupted() };

        var turn = TurnCompletion.Apply(Turn(Attempt(1, AttemptOutcome.Running)), Request(1), "host-1", finished);

        Assert.Equal(TurnStatus.Running, turn.Status);
        Assert.Null(turn.Problem);
        Assert.Equal(ProblemCodes.Interrupted, Assert.Single(turn.Attempts).Problem!.Code);
    }

    [Fact]
    public void Apply_AttemptThatNobodyOpened_IsAdded()
    {
        var turn = TurnCompletion.Apply(Turn(), Request(1), "host-1", Finished() with { Problem = ProblemCatalogue.Interrupted() });

        Assert.Equal("host-1", Assert.Single(turn.Attempts).HostId);
    }

    private static FinishedTurn Finished() => new() { StartedAt = s_now, FinishedAt = s_now.AddSeconds(1) };

    private static TurnAttempt Attempt(int number, AttemptOutcome outcome) =>
        new() { Number = number, HostId = "host-1", Epoch = number, StartedAt = s_now.AddMinutes(-number), Outcome = outcome };

    private static TurnRecord Turn(params TurnAttempt[] attempts) => new()
    {
        SessionId = SessionId.Parse("a"),
        TurnId = TurnId.Parse("t"),
        Status = TurnStatus.Running,
        RequestHash = "hash",
        Epoch = attempts.Length,
        Attempts = attempts,
        Timings = new TurnTimings { CreatedAt = s_now },
    };

    private static HostTurnRequest Request(int attempt) => new()
    {
        TurnId = "t",
        Epoch = attempt,
        Attempt = attempt,
        Prompt = "x",
        CallbackUrl = new Uri("http://front/"),
    };
}
