using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Sessions.Turns;

namespace FunctionsBroker.Sessions.Tests.Turns;

public sealed class TurnCourseTests
{
    private const int MaxAttempts = 4;
    private static readonly TimeSpan s_left = TimeSpan.FromMinutes(15);

    private readonly TurnCourse _course = new(MaxAttempts);

    [Theory]
    [InlineData(SetbackKind.Refused)]
    [InlineData(SetbackKind.Failed)]
    public void After_ProblemThatTimeDoesNotHelp_Ends(SetbackKind kind)
    {
        var problem = ProblemCatalogue.ModelRefused("no");

        Assert.Equal(new RetryStep.Fail(problem), _course.After(new TurnSetback(kind, problem, "a"), ["b"], s_left));
    }

    [Fact]
    public void After_FullHost_AsksTheOthersAtOnceAndThenWaits()
    {
        var full = ProblemCatalogue.HostAtCapacity(20);

        Assert.Equal(TimeSpan.Zero, Delay(SetbackKind.Refused, full, "a", "b", "c"));
        Assert.Equal(["a"], _course.Avoid);
        Assert.Equal(TimeSpan.Zero, Delay(SetbackKind.Refused, full, "b", "a", "c"));
        Assert.Equal(["a", "b"], _course.Avoid);
        Assert.Equal(TimeSpan.FromSeconds(2), Delay(SetbackKind.Refused, full, "c", "a", "b"));
        Assert.Empty(_course.Avoid);
    }

    [Fact]
    public void After_HostThatHandsATurnBackBecauseAnotherHasRoom_GoesThereAtOnceAndUsesUpNoAttempt()
    {
        var full = ProblemCatalogue.HostAtCapacity(20);

        foreach (var _ in Enumerable.Range(0, 10))
        {
            Assert.Equal(TimeSpan.Zero, Delay(SetbackKind.Failed, full, "a", "b"));
            Assert.Equal(["a"], _course.Avoid);
        }
    }

    [Fact]
    public void After_RefusalsForever_WaitsLongerEachTimeAndUsesUpNoAttempt()
    {
        var pauses = Enumerable.Range(0, 50).Select(_ => Delay(SetbackKind.Refused, ProblemCatalogue.NoHostAvailable(), null)).ToList();

        Assert.Equal(pauses.Order(), pauses);
        Assert.Equal(TimeSpan.FromSeconds(5), pauses[0]);
        Assert.Equal(TimeSpan.FromSeconds(30), pauses[^1]);
        Assert.IsType<RetryStep.Again>(After(SetbackKind.Lost, ProblemCatalogue.HostLost("a"), "a"));
    }

    [Fact]
    public void After_RefusalNearTheEnd_WaitsUntilTheEnd()
    {
        var left = TimeSpan.FromSeconds(1);

        Assert.Equal(new RetryStep.Again(left), _course.After(new TurnSetback(SetbackKind.Refused, ProblemCatalogue.NoHostAvailable(), null), [], left));

        // Not a failure of the turn even then: its deadline is over, and it ends by that.
        Assert.Equal(new RetryStep.Again(TimeSpan.Zero), _course.After(new TurnSetback(SetbackKind.Refused, ProblemCatalogue.NoHostAvailable(), null), [], -left));
    }

    [Fact]
    public void After_BusySession_StaysWithItsHost()
    {
        Assert.Equal(TimeSpan.FromSeconds(1), Delay(SetbackKind.Refused, ProblemCatalogue.SessionBusy(), "a", "b"));
        Assert.Empty(_course.Avoid);
    }

    [Fact]
    public void After_FailureThatTheHostHasRetried_GoesToEveryOtherHostOnce()
    {
        var failure = ProblemCatalogue.ProcessCrashed("x");

        Assert.IsType<RetryStep.Again>(After(SetbackKind.Failed, failure, "a", "b", "c"));
        Assert.Equal(["a"], _course.Avoid);
        Assert.IsType<RetryStep.Again>(After(SetbackKind.Failed, failure, "b", "a", "c"));
        Assert.Equal(["a", "b"], _course.Avoid);
        Assert.Equal(new RetryStep.Fail(failure), After(SetbackKind.Failed, failure, "c", "a", "b"));
    }

    [Fact]
    public void After_FailureOnTheOnlyHost_EndsUnlessItSaysWhenToComeBack()
    {
        Assert.IsType<RetryStep.Fail>(After(SetbackKind.Failed, ProblemCatalogue.ModelOverloaded("529"), "a"));
        Assert.Equal(TimeSpan.FromSeconds(60), Delay(SetbackKind.Failed, ProblemCatalogue.SessionSuspended(3, 60), "a"));
    }

    [Theory]
    [InlineData(SetbackKind.Lost)]
    [InlineData(SetbackKind.Failed)]
    public void After_AsManyAttemptsAsThereMayBe_Ends(SetbackKind kind)
    {
        var problem = ProblemCatalogue.SessionSuspended(3, 1);
        for (var attempt = 1; attempt < MaxAttempts; attempt++)
        {
            Assert.IsType<RetryStep.Again>(After(kind, problem, "a"));
        }

        Assert.IsType<RetryStep.Fail>(After(kind, problem, "a"));
    }

    [Fact]
    public void After_LostHost_GoesOnAtOnceElsewhere()
    {
        Assert.Equal(TimeSpan.Zero, Delay(SetbackKind.Lost, ProblemCatalogue.HostLost("a"), "a", "b"));
        Assert.Equal(["a"], _course.Avoid);
    }

    [Fact]
    public void After_HandBackByADrainingHost_GoesOnAtOnceAndUsesUpNoAttempt()
    {
        for (var restart = 0; restart < MaxAttempts * 2; restart++)
        {
            Assert.Equal(TimeSpan.Zero, Delay(SetbackKind.Failed, ProblemCatalogue.HostDraining(), "a", "b"));
        }

        Assert.Equal(["a"], _course.Avoid);
    }

    [Fact]
    public void After_RateLimit_WaitsForItsResetOnTheSameHost()
    {
        Assert.Equal(TimeSpan.FromSeconds(600), Delay(SetbackKind.Failed, ProblemCatalogue.ModelRateLimited("x", 600), "a", "b"));
        Assert.Empty(_course.Avoid);
    }

    [Fact]
    public void After_RateLimitWithoutAReset_WaitsLongerEachTime()
    {
        var pauses = Enumerable.Range(0, 8).Select(_ => Delay(SetbackKind.Failed, ProblemCatalogue.ModelRateLimited("x", null), "a")).ToList();

        Assert.Equal([5, 10, 20, 40, 80, 120, 120, 120], pauses.Select(pause => pause.TotalSeconds));
    }

    [Fact]
    public void After_RateLimitBeyondTheTurnsTime_EndsAtOnce()
    {
        var limit = ProblemCatalogue.ModelRateLimited("x", 3600);

        Assert.Equal(new RetryStep.Fail(limit), After(SetbackKind.Failed, limit, "a", "b"));
    }

    [Fact]
    public void After_RateLimitThatNeverEnds_EndsAsThat()
    {
        var limit = ProblemCatalogue.ModelRateLimited("x", 3);
        var steps = Enumerable.Range(0, TurnCourse.MaxRuns).Select(_ => After(SetbackKind.Failed, limit, "a")).ToList();

        Assert.All(steps.SkipLast(1), step => Assert.IsType<RetryStep.Again>(step));
        Assert.Equal(new RetryStep.Fail(limit), steps[^1]);
    }

    [Fact]
    public void After_Silence_AsksAnotherHostAtOnceAndThenWaits()
    {
        Assert.Equal(TimeSpan.Zero, Delay(SetbackKind.Silent, ProblemCatalogue.HostUnreachable("a"), "a", "b"));
        Assert.Equal(["a"], _course.Avoid);
        Assert.Equal(TimeSpan.FromSeconds(2), Delay(SetbackKind.Silent, ProblemCatalogue.HostUnreachable("b"), "b", "a"));
    }

    [Fact]
    public void After_AnyMixture_ComesToAnEnd()
    {
        var runs = 0;
        while (After(runs % 2 == 0 ? SetbackKind.Silent : SetbackKind.Failed, ProblemCatalogue.HostDraining(), "a", "b") is RetryStep.Again)
        {
            runs++;
        }

        Assert.Equal(TurnCourse.MaxRuns - 1, runs);
    }

    [Fact]
    public void After_StaleEpoch_IsTriedAgain()
    {
        Assert.IsType<RetryStep.Again>(After(SetbackKind.Refused, ProblemCatalogue.StaleEpoch(3, 2), "a"));
        Assert.Equal(TimeSpan.Zero, Delay(SetbackKind.Failed, ProblemCatalogue.StaleEpoch(3, 2), "a"));
    }

    [Fact]
    public void After_HostThatWasCutOffAndSaysSoItself_IsTriedAgainAsAfterALostOne()
    {
        Assert.Equal(TimeSpan.Zero, Delay(SetbackKind.Failed, ProblemCatalogue.HostLost("a"), "a"));
    }

    private RetryStep After(SetbackKind kind, Problem problem, string? host, params string[] others) =>
        _course.After(new TurnSetback(kind, problem, host), others, s_left);

    private TimeSpan Delay(SetbackKind kind, Problem problem, string? host, params string[] others) =>
        Assert.IsType<RetryStep.Again>(After(kind, problem, host, others)).Delay;
}
