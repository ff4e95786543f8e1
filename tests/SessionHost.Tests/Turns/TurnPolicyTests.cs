using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.SessionHost.Turns;

namespace FunctionsBroker.SessionHost.Tests.Turns;

public sealed class TurnPolicyTests
{
    private static readonly TurnSituation s_now = new()
    {
        Profile = new ClaudeProfile(),
        CanFallBack = true,
        Crashes = 0,
        Retries = 0,
        Max = TimeSpan.FromMinutes(10),
        Left = TimeSpan.FromMinutes(5),
        Jitter = 0,
    };

    private static readonly FailedTry s_crash = Failed(ProblemCatalogue.ProcessCrashed("x")) with { ProcessLost = true };
    private static readonly FailedTry s_silent = Failed(ProblemCatalogue.TurnTimedOut(TimeSpan.FromSeconds(2)));
    private static readonly FailedTry s_noStart = Failed(ProblemCatalogue.ProcessStartFailed("x")) with { Sent = false };

    [Fact]
    public void After_FirstLostProcess_ReplacesIt()
    {
        var again = Assert.IsType<NextStep.Again>(TurnPolicy.After(s_crash, s_now with { Crashes = 1 }));

        Assert.Equal((TimeSpan.Zero, false), (again.Delay, again.Asks));
    }

    [Fact]
    public void After_SecondLostProcess_FallsBackOrEnds()
    {
        Assert.IsType<NextStep.FallBack>(TurnPolicy.After(s_crash, s_now with { Crashes = 2 }));
        AssertEnds(ProblemCodes.ProcessCrashed, s_crash, s_now with { Crashes = 2, CanFallBack = false });
    }

    [Fact]
    public void After_Silence_FallsBackOrEnds()
    {
        Assert.IsType<NextStep.FallBack>(TurnPolicy.After(s_silent, s_now));
        AssertEnds(ProblemCodes.TurnTimedOut, s_silent, s_now with { CanFallBack = false });
    }

    [Fact]
    public void After_NoStart_FallsBackOrEnds()
    {
        Assert.IsType<NextStep.FallBack>(TurnPolicy.After(s_noStart, s_now));
        AssertEnds(ProblemCodes.ProcessStartFailed, s_noStart, s_now with { CanFallBack = false });
    }

    [Theory]
    [InlineData(ReplayRule.Always, false, null)]
    [InlineData(ReplayRule.Always, true, null)]
    [InlineData(ReplayRule.WhenSafe, false, null)]
    [InlineData(ReplayRule.WhenSafe, true, ProblemCodes.TurnNotReplayed)]
    [InlineData(ReplayRule.Never, false, ProblemCodes.TurnNotReplayed)]
    [InlineData(ReplayRule.Never, true, ProblemCodes.TurnNotReplayed)]
    public void After_TurnThatWasCutOff_IsReplayedByTheProfilesRule(ReplayRule rule, bool toolsUsed, string? code)
    {
        var now = s_now with { Profile = new ClaudeProfile { Replay = rule }, Crashes = 1 };

        foreach (var failed in new[] { s_crash, s_silent })
        {
            var end = TurnPolicy.After(failed with { ToolsUsed = toolsUsed }, now) as NextStep.End;

            Assert.Equal(code, end?.Problem.Code);
            Assert.NotEqual(true, end?.Problem.Retryable);
        }
    }

    [Fact]
    public void After_NoStart_IsNoReplay()
    {
        Assert.IsType<NextStep.FallBack>(TurnPolicy.After(s_noStart, s_now with { Profile = new ClaudeProfile { Replay = ReplayRule.Never } }));
    }

    [Fact]
    public void After_ErrorOfTheModelThatMayPass_AsksAgainAsOftenAsTheProfileSays()
    {
        var failed = Failed(ProblemCatalogue.ModelOverloaded("x"));

        var again = Assert.IsType<NextStep.Again>(TurnPolicy.After(failed, s_now with { Retries = 1 }));

        Assert.Equal((TimeSpan.FromSeconds(1), true), (again.Delay, again.Asks));
        AssertEnds(ProblemCodes.ModelOverloaded, failed, s_now with { Retries = 2 });
        AssertEnds(ProblemCodes.ModelOverloaded, failed, s_now with { Profile = new ClaudeProfile { MaxRetries = 0 } });
    }

    [Fact]
    public void After_ErrorOfTheModelThatStays_Ends()
    {
        AssertEnds(ProblemCodes.ModelAuthentication, Failed(ProblemCatalogue.ModelAuthentication("x")), s_now);
        AssertEnds(ProblemCodes.ModelRefused, Failed(ProblemCatalogue.ModelRefused("x")), s_now);
        AssertEnds(ProblemCodes.ContextTooLong, Failed(ProblemCatalogue.ContextTooLong("x")), s_now);
    }

    [Fact]
    public void After_RateLimit_WaitsAsToldWithinTheTurnAndReportsWhatIsLonger()
    {
        var failed = Failed(ProblemCatalogue.ModelRateLimited("x", 60));

        Assert.Equal(TimeSpan.FromSeconds(60), Assert.IsType<NextStep.Again>(TurnPolicy.After(failed, s_now)).Delay);
        var end = Assert.IsType<NextStep.End>(TurnPolicy.After(failed, s_now with { Left = TimeSpan.FromSeconds(60) }));
        Assert.Equal((ProblemCodes.ModelRateLimited, 60), (end.Problem.Code, end.Problem.RetryAfterSeconds));
    }

    [Fact]
    public void After_ErrorOfTheModelWithToolsUsed_AsksAgainOnlyByTheProfilesRule()
    {
        var failed = Failed(ProblemCatalogue.ModelOverloaded("x")) with { ToolsUsed = true };

        AssertEnds(ProblemCodes.TurnNotReplayed, failed, s_now);
        Assert.IsType<NextStep.Again>(TurnPolicy.After(failed, s_now with { Profile = new ClaudeProfile { Replay = ReplayRule.Always } }));
        Assert.IsType<NextStep.Again>(TurnPolicy.After(failed with { ToolsUsed = false }, s_now with { Profile = new ClaudeProfile { Replay = ReplayRule.Never } }));
    }

    [Fact]
    public void After_AnyFailureWithNoTimeLeft_IsATimeout()
    {
        foreach (var failed in new[] { s_crash, s_silent, s_noStart, Failed(ProblemCatalogue.ModelOverloaded("x")) })
        {
            AssertEnds(ProblemCodes.TurnTimedOut, failed, s_now with { Left = TimeSpan.Zero });
        }
    }

    [Fact]
    public void After_Interrupt_EndsWhateverElseCouldBeTried()
    {
        AssertEnds(ProblemCodes.Interrupted, Failed(ProblemCatalogue.Interrupted()), s_now);
        AssertEnds(ProblemCodes.StaleEpoch, Failed(ProblemCatalogue.StaleEpoch(2, 1)) with { Sent = false }, s_now);
    }

    [Fact]
    public void Backoff_GrowsUpToALimitAndIsSpread()
    {
        Assert.Equal([0.5, 1, 2, 4, 7.5, 7.5], Enumerable.Range(0, 6).Select(retries => TurnPolicy.Backoff(retries, 0).TotalSeconds));
        Assert.Equal(15, TurnPolicy.Backoff(10, 1).TotalSeconds);
    }

    private static FailedTry Failed(Problem problem) => new(problem, Sent: true, ToolsUsed: false, ProcessLost: false);

    private static void AssertEnds(string code, FailedTry failed, TurnSituation now) =>
        Assert.Equal(code, Assert.IsType<NextStep.End>(TurnPolicy.After(failed, now)).Problem.Code);
}
