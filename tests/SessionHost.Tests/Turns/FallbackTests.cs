using FunctionsBroker.ClaudeCode.Exchanges;
using FunctionsBroker.ClaudeCode.Transports.Api;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.SessionHost.Tests.Running;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.SessionHost.Tests.Turns;

[Trait("Category", "EndToEnd")]
public sealed class FallbackTests
{
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task What_was_answered_without_the_cli_knows_the_conversation_and_is_known_to_the_cli_afterwards()
    {
        await using var cluster = await HostCluster.StartAsync();
        var whole = await cluster.AddHostAsync("host-1");
        var broken = await cluster.AddHostAsync(
            "host-2",
            "ClaudeBinary=no-such-claude",
            "Profiles:default:Transports:0=stream-json",
            "Profiles:default:Transports:1=one-shot",
            "Profiles:default:Transports:2=api",
            "Profiles:default:ApiModel=claude-sonnet-4-5");
        await cluster.RunAsync(whole, "room:1", "t1", "remember colour=teal", epoch: 1);
        await cluster.SavedAsync("room:1", "t1");

        var second = await cluster.RunAsync(broken, "room:1", "t2", "recall colour", epoch: 2);
        var third = await cluster.RunAsync(broken, "room:1", "t3", "remember size=huge", epoch: 2);
        await cluster.SavedAsync("room:1", "t3");
        var fourth = await cluster.RunAsync(whole, "room:1", "t4", "recall size", epoch: 3);
        var fifth = await cluster.RunAsync(whole, "room:1", "t5", "what did I say 4 turns ago?", epoch: 3);

        Assert.Equal(("[2] teal", "api"), (second.Reply!.Text, second.Reply.Transport));
        Assert.Equal(["stream-json", "one-shot", "api"], second.Attempts[0].Tries.Select(tried => tried.Transport));
        Assert.Equal([ProblemCodes.ProcessStartFailed, ProblemCodes.ProcessStartFailed, null], second.Attempts[0].Tries.Select(tried => tried.Problem?.Code));
        Assert.Contains(ApiTransport.WithoutToolsNotice, second.Reply.Notices);
        Assert.True(second.Reply.Usage is { InputTokens: > 0, OutputTokens: > 0 });
        Assert.Null(second.Attempts[0].Process);
        Assert.Equal("[3] remembered size", third.Reply!.Text);
        Assert.Equal(("[4] huge", "stream-json"), (fourth.Reply!.Text, fourth.Reply.Transport));
        Assert.Contains(UntoldExchanges.ToldNotice, fourth.Reply.Notices);
        Assert.Equal("[5] remember colour=teal", fifth.Reply!.Text);
        Assert.Empty(fifth.Reply.Notices);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_conversation_of_processes_for_one_turn_each_is_remembered_and_leaves_none_alive()
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync("host-1", "Profiles:default:Transports:0=one-shot");

        var first = await cluster.RunAsync(host, "room:1", "t1", "remember colour=teal");
        var second = await cluster.RunAsync(host, "room:1", "t2", "recall colour");

        Assert.Equal(("[2] teal", "one-shot"), (second.Reply!.Text, second.Reply.Transport));
        Assert.Empty(second.Reply.Notices);
        Assert.True(second.Reply.CostUsd > 0);
        Assert.True(second.Attempts[0].Process!.Resumed);
        Assert.NotEqual(first.Attempts[0].Process!.Pid, second.Attempts[0].Process!.Pid);
        Assert.False(File.Exists(await cluster.ProcessFileAsync("room:1")));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_model_that_fails_for_a_while_is_asked_again_and_the_reply_says_so()
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync("host-1");

        var turn = await cluster.RunAsync(host, "room:1", "t1", "blue whale {{model: status=529 times=3}}");

        Assert.Equal("[1] blue whale", turn.Reply!.Text);
        var tries = Assert.Single(turn.Attempts).Tries;
        Assert.Equal([ProblemCodes.ModelOverloaded, null], tries.Select(tried => tried.Problem?.Code));
        Assert.NotEqual(tries[0].Process!.Pid, tries[1].Process!.Pid);
        Assert.Contains(turn.Reply.Notices, notice => notice.Contains(ProblemCodes.ModelOverloaded, StringComparison.Ordinal));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_rate_limit_that_is_longer_than_the_turn_may_last_is_reported_at_once()
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync("host-1", "TurnMax=00:00:45", "TurnIdle=00:00:45");

        var turn = await cluster.RunAsync(host, "room:1", "t1", "blue whale {{model: status=429 retryAfter=58}}");
        var next = await cluster.RunAsync(host, "room:1", "t2", "fine");

        var attempt = Assert.Single(turn.Attempts);
        Assert.Equal(ProblemCodes.ModelRateLimited, attempt.Problem!.Code);
        Assert.InRange(attempt.Problem.RetryAfterSeconds!.Value, 58, 73);
        Assert.InRange(attempt.FinishedAt!.Value - attempt.StartedAt, TimeSpan.Zero, TimeSpan.FromSeconds(40));
        Assert.Equal(AttemptOutcome.Completed, next.Attempts[0].Outcome);
        Assert.Equal(attempt.Process!.Pid, next.Attempts[0].Process!.Pid);
    }
}
