using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.SessionHost.Turns;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.SessionHost.Tests.Turns;

public sealed class BreakersTests
{
    private static readonly BreakerBounds s_bounds = new(3, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30));
    private static readonly SessionId s_session = SessionId.Parse("a");
    private static readonly FailedTry s_crash = new(ProblemCatalogue.ProcessCrashed("x"), Sent: true, ToolsUsed: false, ProcessLost: true);
    private static readonly FailedTry s_noStart = new(ProblemCatalogue.ProcessStartFailed("x"), Sent: false, ToolsUsed: false, ProcessLost: false);
    private static readonly FailedTry s_modelError = new(ProblemCatalogue.ModelError("x"), Sent: true, ToolsUsed: false, ProcessLost: false);

    private readonly SteppedTime _time = new();
    private readonly Breakers _breakers;

    public BreakersTests() => _breakers = new Breakers(s_bounds, _time);

    [Fact]
    public void Refuse_CrashesInARow_SuspendTheSessionAndNoOther()
    {
        Report(s_crash, 2);
        Assert.Null(Refuse());

        Report(s_crash, 1);

        var problem = Refuse()!;
        Assert.Equal((ProblemCodes.SessionSuspended, 10, true), (problem.Code, problem.RetryAfterSeconds, problem.Retryable));
        Assert.Null(_breakers.Refuse(SessionId.Parse("b"), "default"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Refuse_AnswerOrErrorOfTheModelInBetween_CountsAnew(bool answered)
    {
        Report(s_crash, 2);
        Report(answered ? null : s_modelError, 1);
        Report(s_crash, 2);

        Assert.Null(Refuse());
    }

    [Fact]
    public void Refuse_StartsThatFail_SuspendTheProfileForAllSessions()
    {
        Report(s_noStart, 3);

        Assert.Equal(ProblemCodes.ProfileSuspended, _breakers.Refuse(SessionId.Parse("b"), "default")!.Code);
        Assert.Null(_breakers.Refuse(s_session, "other"));
    }

    [Fact]
    public void Refuse_AfterThePause_LetsOneTryThroughAndClosesWhenItSucceeds()
    {
        Report(s_crash, 3);
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(1, Refuse()!.RetryAfterSeconds);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(Refuse());
        Assert.NotNull(Refuse());
        Report(null, 1);

        Assert.Null(Refuse());
        Report(s_crash, 2);
        Assert.Null(Refuse());
    }

    [Fact]
    public void Refuse_TryThatFailsAgain_IsFollowedByALongerPauseUpToTheLongest()
    {
        Report(s_crash, 3);
        List<int?> pauses = [];
        for (var round = 0; round < 4; round++)
        {
            pauses.Add(Refuse()!.RetryAfterSeconds);
            _time.Advance(s_bounds.LongestPause);
            Assert.Null(Refuse());
            Report(s_crash, 1);
        }

        Assert.Equal([10, 20, 30, 30], pauses);
    }

    [Fact]
    public void Refuse_TryThatSaysNothing_LeavesTheNextOneThrough()
    {
        Report(s_crash, 3);
        _time.Advance(s_bounds.LongestPause);
        Assert.Null(Refuse());

        Report(new FailedTry(ProblemCatalogue.StaleEpoch(2, 1), Sent: false, ToolsUsed: false, ProcessLost: false), 1);

        Assert.Null(Refuse());
    }

    [Fact]
    public void Prune_FailuresOfLongAgo_AreForgottenAndThoseOfLateAreNot()
    {
        Report(s_crash, 3);
        _time.Advance(2 * s_bounds.LongestPause);
        _breakers.Report(SessionId.Parse("b"), "default", s_crash);

        _breakers.Prune();

        Report(s_crash, 2);
        Assert.Null(Refuse());
        _breakers.Report(SessionId.Parse("b"), "default", s_crash);
        _breakers.Report(SessionId.Parse("b"), "default", s_crash);
        Assert.NotNull(_breakers.Refuse(SessionId.Parse("b"), "default"));
    }

    private Problem? Refuse() => _breakers.Refuse(s_session, "default");

    private void Report(FailedTry? failed, int times)
    {
        for (var time = 0; time < times; time++)
        {
            _breakers.Report(s_session, "default", failed);
        }
    }
}
