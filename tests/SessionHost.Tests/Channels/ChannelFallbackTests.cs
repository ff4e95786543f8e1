using FunctionsBroker.ClaudeCode.Channels;
using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.SessionHost.Tests.Running;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.SessionHost.Tests.Channels;

/// <summary>The real CLI on a machine where the vendor offers it no channels.</summary>
[Trait("Category", "EndToEnd")]
public sealed class ChannelFallbackTests
{
    private static readonly string[] s_settings =
    [
        "Profiles:default:Channel:Probe=00:00:30",
        "Profiles:default:Transports:0=channel",
        "Profiles:default:Transports:1=stream-json",
    ];

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_cli_without_channels_is_found_out_and_the_turn_is_answered_by_the_next_transport()
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync("host-1", s_settings);

        var first = await cluster.RunAsync(host, "room:1", "t1", "remember colour=teal");
        var asked = (await cluster.FoldersOfAsync("room:1")).DebugLog;
        Assert.NotNull(new FileInfo(asked).LinkTarget);
        File.Delete(asked);
        var second = await cluster.RunAsync(host, "room:1", "t2", "recall colour");

        Assert.Equal(TurnStatus.Completed, second.Status);
        Assert.Equal(("[2] teal", ClaudeTransports.StreamJson), (second.Reply!.Text, second.Reply.Transport));
        Assert.Equal([ProblemCodes.ChannelsUnavailable, null], first.Attempts[0].Tries.Select(tried => tried.Problem?.Code));
        Assert.Contains("channels feature is not currently available", first.Attempts[0].Tries[0].Problem!.Detail, StringComparison.Ordinal);
        Assert.Contains(first.Reply!.Notices, notice => notice.Contains(ProblemCodes.ChannelsUnavailable, StringComparison.Ordinal));
        Assert.Contains(second.Reply.Notices, notice => notice.Contains(ProblemCodes.ChannelsUnavailable, StringComparison.Ordinal));

        // Known by now: no process is started to ask again, which would leave its log, and the one of the other transport lives on.
        Assert.Null(new FileInfo(asked).LinkTarget);
        Assert.False(File.Exists(asked));
        Assert.Equal(first.Attempts[0].Process!.Pid, second.Attempts[0].Process!.Pid);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_profile_with_channels_alone_fails_with_the_reason()
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync("host-1", s_settings[..2]);

        var turn = await cluster.RunAsync(host, "room:1", "t1", "hello");

        var problem = Assert.Single(turn.Attempts).Problem!;
        Assert.Equal(ProblemCodes.ChannelsUnavailable, problem.Code);
        Assert.False(problem.Retryable);
        Assert.NotNull(host.Get<ChannelLauncher>().WhyUnusable(new ClaudeProfile()));
        Assert.Null(host.Get<ChannelLauncher>().WhyUnusable(new ClaudeProfile { Channel = new ChannelProfile { TypedInput = true } }));
        Assert.False(File.Exists(await cluster.ProcessFileAsync("room:1")));
    }
}
