using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.SessionHost.Tests.Running;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.SessionHost.Tests.Turns;

/// <summary>What a host does with a process that misbehaves, from the first try to the last.</summary>
public sealed class TurnPipelineTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Run_ProcessThatCrashesOnce_IsReplacedAndEveryTryIsRecorded()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");

        var turn = await cluster.RunAsync(host, "a", "t1", "times 1 exit 3\nsay back");

        Assert.Equal("back", turn.Reply!.Text);
        Assert.Single(turn.Reply.Notices);
        AssertTries(turn, ("stream-json", ProblemCodes.ProcessCrashed), ("stream-json", null));
        var tries = turn.Attempts[0].Tries;
        Assert.NotEqual(tries[0].Process!.Pid, tries[1].Process!.Pid);
        Assert.Equal(tries[1].Process!.Pid, turn.Attempts[0].Process!.Pid);
        Assert.All(tries, tried => Assert.True(tried.FinishedAt >= tried.StartedAt));
        Assert.Contains("exit code 3", tries[0].Problem!.Detail, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Run_ProcessThatCrashesTwice_IsReplacedByOneForTheTurnAlone()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");

        var turn = await cluster.RunAsync(host, "a", "t1", "times 2 exit 3\nsay back");
        var next = await cluster.RunAsync(host, "a", "t2", "say next");

        Assert.Equal(("back", "one-shot"), (turn.Reply!.Text, turn.Reply.Transport));
        AssertTries(turn, ("stream-json", ProblemCodes.ProcessCrashed), ("stream-json", ProblemCodes.ProcessCrashed), ("one-shot", null));
        Assert.Equal(("next", "stream-json"), (next.Reply!.Text, next.Reply.Transport));
    }

    [Theory(Timeout = 2 * TestTimeouts.DefaultMilliseconds)]
    [InlineData("freeze")]
    [InlineData("hang")]
    [InlineData("ignore-stop\nhang")]
    [InlineData("close-output\nhang")]
    [InlineData("close-input\nclose-output\nhang")]
    public async Task Run_ProcessThatHangs_IsReplacedWithinTheLimits(string how)
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1", "TurnIdle=00:00:08");
        var steps = string.Join('\n', how.Split('\n').Select((step, index) => index == 0 ? "times 1 " + step : step));
        var prompt = how.Contains('\n', StringComparison.Ordinal) ? steps.Replace("hang", "times 2 hang", StringComparison.Ordinal) : steps;

        var turn = await cluster.RunAsync(host, "a", "t1", $"{prompt}\nsay back");

        Assert.Equal("back", turn.Reply!.Text);
        Assert.Equal(ProblemCodes.ProcessCrashed, turn.Attempts[0].Tries[0].Problem!.Code);
        Assert.InRange(turn.Timings.FinishedAt!.Value - turn.Timings.StartedAt!.Value, TimeSpan.Zero, TimeSpan.FromSeconds(55));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Run_ProcessThatHangsAtItsStart_EndsInAProblemWithinTheLimits()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        cluster.Environment["CLAUDE_CODE_FAKE_START"] = "hang";
        var host = await cluster.AddHostAsync("host-1", "TurnIdle=00:00:01", "TurnMax=00:00:10");

        var turn = await cluster.RunAsync(host, "a", "t1", "say x");

        AssertTries(turn, ("stream-json", ProblemCodes.ProcessStartFailed), ("one-shot", ProblemCodes.ProcessStartFailed));
        Assert.InRange(turn.Attempts[0].FinishedAt!.Value - turn.Attempts[0].StartedAt, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Run_TurnMax_BoundsAllTriesTogether()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1", "TurnMax=00:00:16", "TurnIdle=00:00:08");

        var turn = await cluster.RunAsync(host, "a", "t1", "print {}");

        Assert.Equal(["stream-json", "one-shot"], turn.Attempts[0].Tries.Select(tried => tried.Transport));
        Assert.Equal(ProblemCodes.TurnTimedOut, turn.Attempts[0].Problem!.Code);
        Assert.InRange(turn.Attempts[0].FinishedAt!.Value - turn.Attempts[0].StartedAt, TimeSpan.FromSeconds(16), TimeSpan.FromSeconds(45));
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData("Always", "call-tool Bash", null)]
    [InlineData("WhenSafe", "print {}", null)]
    [InlineData("WhenSafe", "call-tool Bash", ProblemCodes.TurnNotReplayed)]
    [InlineData("Never", "print {}", ProblemCodes.TurnNotReplayed)]
    public async Task Run_CrashInMidTurn_IsReplayedByTheProfilesRule(string rule, string step, string? code)
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1", $"Profiles:default:Replay={rule}");

        var turn = await cluster.RunAsync(host, "a", "t1", $"{step}\ntimes 1 exit 3\nsay back");

        Assert.Equal(code, turn.Attempts[0].Problem?.Code);
        Assert.Equal(code is null ? "back" : null, turn.Reply?.Text);
        Assert.Equal(code is null ? 2 : 1, turn.Attempts[0].Tries.Count);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Run_CrashesInARow_SuspendTheSessionAndNoOther()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1");
        await cluster.RunAsync(host, "a", "t1", "exit 3");

        var second = await cluster.RunAsync(host, "a", "t2", "exit 3");
        var third = await cluster.RunAsync(host, "a", "t3", "say too early");
        var other = await cluster.RunAsync(host, "b", "t4", "say fine");

        AssertTries(second, ("stream-json", ProblemCodes.ProcessCrashed), ("stream-json", ProblemCodes.SessionSuspended), ("one-shot", ProblemCodes.SessionSuspended));
        var problem = third.Attempts[0].Problem!;
        Assert.Equal((ProblemCodes.SessionSuspended, true), (problem.Code, problem.Retryable));
        Assert.InRange(problem.RetryAfterSeconds!.Value, 1, 10);
        Assert.Equal("fine", other.Reply!.Text);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Run_StartsThatFail_SuspendTheProfileAndNoOther()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        var host = await cluster.AddHostAsync("host-1", "ClaudeBinary=no-such-claude");
        await cluster.RunAsync(host, "a", "t1", "say x");
        await cluster.RunAsync(host, "b", "t2", "say x");
        await cluster.RunAsync(host, "c", "t3", "say x");

        var refused = await cluster.RunAsync(host, "d", "t4", "say x");

        AssertTries(refused, ("stream-json", ProblemCodes.ProfileSuspended), ("one-shot", ProblemCodes.ProfileSuspended));
        Assert.InRange(refused.Attempts[0].Problem!.RetryAfterSeconds!.Value, 1, 20);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Cancel_WhileTheProcessStarts_EndsTheTurnAtOnce()
    {
        await using var cluster = await HostCluster.StartFakeAsync();
        cluster.Environment["CLAUDE_CODE_FAKE_START"] = "hang";
        var host = await cluster.AddHostAsync("host-1");
        await host.AcceptAsync("a", await cluster.PrepareAsync(host, "a", "t1", "say x"));

        using var response = await host.Http.PostAsync("/sessions/a/turns/t1/cancel", null, Cancellation);
        var turn = await cluster.EndAsync("a", "t1");

        Assert.Equal(ProblemCodes.TurnCancelled, turn.Attempts[0].Problem!.Code);
    }

    private static void AssertTries(TurnRecord turn, params (string Transport, string? Code)[] expected)
    {
        var tries = Assert.Single(turn.Attempts).Tries;
        Assert.Equal(expected, tries.Select(tried => (tried.Transport, tried.Problem?.Code)));
        Assert.All(tries, tried => Assert.Equal(tried.Problem is null ? AttemptOutcome.Completed : AttemptOutcome.Failed, tried.Outcome));
    }
}
