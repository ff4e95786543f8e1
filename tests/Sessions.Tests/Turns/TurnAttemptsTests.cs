using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.Sessions.Turns;

namespace FunctionsBroker.Sessions.Tests.Turns;

public sealed class TurnAttemptsTests
{
    private static readonly DateTimeOffset s_noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private readonly TurnRecord _turn = new()
    {
        SessionId = SessionId.Parse("s"),
        TurnId = TurnId.Parse("t"),
        Status = TurnStatus.Queued,
        RequestHash = "h",
        Timings = new TurnTimings { CreatedAt = s_noon },
    };

    [Fact]
    public void Begin_FirstAttempt_RunsUnderItsEpoch()
    {
        var begun = TurnAttempts.Begin(_turn, "host-1", 3, null, s_noon.AddSeconds(1));

        Assert.Equal(TurnStatus.Running, begun.Status);
        Assert.Equal(3, begun.Epoch);
        Assert.Equal(s_noon.AddSeconds(1), begun.Timings.StartedAt);
        Assert.Equal((1, "host-1", 3, AttemptOutcome.Running), Describe(Assert.Single(begun.Attempts)));
    }

    [Fact]
    public void Begin_AfterALostHost_ClosesTheAttemptAsLost()
    {
        var first = TurnAttempts.Begin(_turn, "host-1", 3, null, s_noon);

        var second = TurnAttempts.Begin(first, "host-2", 4, null, s_noon.AddSeconds(9));

        Assert.Equal(AttemptOutcome.Lost, second.Attempts[0].Outcome);
        Assert.Equal(ProblemCodes.HostLost, second.Attempts[0].Problem?.Code);
        Assert.Equal((2, "host-2", 4, AttemptOutcome.Running), Describe(second.Attempts[1]));
        Assert.Equal(s_noon, second.Timings.StartedAt);
    }

    [Fact]
    public void Begin_AfterAProblem_KeepsTheProblemWithItsAttempt()
    {
        var first = TurnAttempts.Begin(_turn, "host-1", 3, null, s_noon);

        var second = TurnAttempts.Begin(first, "host-1", 4, ProblemCatalogue.ModelOverloaded("529"), s_noon);

        Assert.Equal(AttemptOutcome.Failed, second.Attempts[0].Outcome);
        Assert.Equal(ProblemCodes.ModelOverloaded, second.Attempts[0].Problem?.Code);
    }

    [Fact]
    public void Fail_RunningTurn_EndsItAndItsAttempt()
    {
        var failed = TurnAttempts.Fail(TurnAttempts.Begin(_turn, "host-1", 3, null, s_noon), ProblemCatalogue.ModelError("x"), s_noon.AddSeconds(2));

        Assert.Equal(TurnStatus.Failed, failed.Status);
        Assert.Equal(ProblemCodes.ModelError, failed.Problem?.Code);
        Assert.Equal(AttemptOutcome.Failed, Assert.Single(failed.Attempts).Outcome);
        Assert.Equal(s_noon.AddSeconds(2), failed.Timings.FinishedAt);
    }

    [Theory]
    [InlineData(TurnStatus.Completed)]
    [InlineData(TurnStatus.Failed)]
    [InlineData(TurnStatus.Cancelled)]
    [InlineData(TurnStatus.Expired)]
    public void Fail_EndedTurn_StaysAsItIs(TurnStatus status)
    {
        var ended = _turn with { Status = status };

        Assert.Same(ended, TurnAttempts.Fail(ended, ProblemCatalogue.ModelError("x"), s_noon));
    }

    [Theory]
    [InlineData(ProblemCodes.TurnCancelled, TurnStatus.Cancelled, AttemptOutcome.Cancelled)]
    [InlineData(ProblemCodes.TurnExpired, TurnStatus.Expired, AttemptOutcome.Failed)]
    [InlineData(ProblemCodes.ModelError, TurnStatus.Failed, AttemptOutcome.Failed)]
    public void End_RunningTurn_EndsInTheWayOfItsProblem(string code, TurnStatus status, AttemptOutcome outcome)
    {
        var problem = ProblemCatalogue.ModelError("x") with { Code = code };

        var ended = TurnAttempts.End(TurnAttempts.Begin(_turn, "host-1", 3, null, s_noon), problem, s_noon.AddSeconds(2));

        Assert.Equal(status, ended.Status);
        Assert.Equal(code, ended.Problem?.Code);
        Assert.Equal(outcome, Assert.Single(ended.Attempts).Outcome);
        Assert.Equal(code, ended.Attempts[0].Problem?.Code);
        Assert.Equal(s_noon.AddSeconds(2), ended.Timings.FinishedAt);
        Assert.Same(ended, TurnAttempts.Cancel(ended, s_noon.AddSeconds(9)));
        Assert.Same(ended, TurnAttempts.Expire(ended, s_noon.AddSeconds(9)));
    }

    [Fact]
    public void Cancel_QueuedTurn_EndsWithoutAnAttempt()
    {
        var cancelled = TurnAttempts.Cancel(_turn, s_noon);

        Assert.Equal(TurnStatus.Cancelled, cancelled.Status);
        Assert.Equal(ProblemCodes.TurnCancelled, cancelled.Problem?.Code);
        Assert.Empty(cancelled.Attempts);
    }

    [Fact]
    public void Withdraw_AttemptThatNoHostTook_IsNotKept()
    {
        var lost = TurnAttempts.Begin(TurnAttempts.Begin(_turn, "host-1", 3, null, s_noon), "host-2", 4, null, s_noon);

        var withdrawn = TurnAttempts.Withdraw(lost);

        Assert.Equal((1, "host-1", 3, AttemptOutcome.Lost), Describe(Assert.Single(withdrawn.Attempts)));
        Assert.Same(withdrawn, TurnAttempts.Withdraw(withdrawn));
        Assert.Equal(2, TurnAttempts.Begin(withdrawn, "host-3", 5, null, s_noon).Attempts[^1].Number);
    }

    private static (int Number, string Host, long Epoch, AttemptOutcome Outcome) Describe(TurnAttempt attempt) =>
        (attempt.Number, attempt.HostId, attempt.Epoch, attempt.Outcome);
}
