using System.Net;
using FunctionsBroker.ClaudeCode.Channels;
using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.Contracts.Events;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.SessionHost.Tests.Running;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.SessionHost.Tests.Channels;

/// <summary>The real CLI in a terminal, whose profile allows prompts to be typed: everything of the transport but the push itself.</summary>
[Trait("Category", "EndToEnd")]
public sealed class TypedChannelTests
{
    private static readonly string[] s_settings =
    [
        "Profiles:default:Transports:0=channel",
        "Profiles:default:Channel:TypedInput=true",
        "Profiles:default:Channel:Arrival=00:00:30",
        "Profiles:default:Channel:Probe=00:00:30",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Turns_are_answered_by_one_interactive_process_whose_hooks_tell_of_the_end()
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync("host-1", s_settings);

        var first = await cluster.RunAsync(host, "room:1", "t1", "remember colour=teal");
        var second = await cluster.RunAsync(host, "room:1", "t2", "recall colour");

        Assert.Equal(("[2] teal", ClaudeTransports.Channel), (second.Reply!.Text, second.Reply.Transport));
        Assert.Contains(ChannelLauncher.TypedNotice, second.Reply.Notices);
        Assert.True(second.Reply.Usage is { InputTokens: > 0, OutputTokens: > 0 });
        Assert.Equal(first.Attempts[0].Process!.Pid, second.Attempts[0].Process!.Pid);
        Assert.Equal(2, second.Attempts[0].Process!.Turn);

        // A hook is counted when it is answered, which is after the turn was told of it.
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                var metrics = await host.Http.GetStringAsync("/metrics", Cancellation);
                return metrics.Contains("""broker_hooks_total{event="Stop",result="accepted"} 2""", StringComparison.Ordinal)
                    && metrics.Contains("""broker_hooks_total{event="UserPromptSubmit",result="accepted"} 2""", StringComparison.Ordinal);
            },
            Cancellation);
        var session = await cluster.ReadSessionAsync("room:1");
        var transcript = await File.ReadAllTextAsync((await cluster.FoldersOfAsync("room:1")).Transcript(session.ClaudeSessionId).Path, Cancellation);
        Assert.Contains("[2] teal", transcript, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task The_reply_tool_answers_the_turn_that_called_it()
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync("host-1", s_settings);

        var turn = await cluster.RunAsync(host, "room:1", "t1", """call tool mcp__broker__reply {"text":"by the tool"}""");

        Assert.Equal(("by the tool", ClaudeTransports.Channel), (turn.Reply!.Text, turn.Reply.Transport));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_process_killed_in_the_middle_of_a_turn_is_replaced_and_the_turn_answered()
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync("host-1", s_settings);
        await cluster.RunAsync(host, "room:1", "t1", "remember colour=teal");
        await host.AcceptAsync("room:1", await cluster.PrepareAsync(host, "room:1", "t2", "recall colour {{model: delay=60s times=1}}"));
        await cluster.Model.WaitForRequestAsync(asked => asked.Turns == 2, Cancellation);

        var killed = await cluster.ReadProcessAsync("room:1");
        killed.Kill();
        var second = await cluster.EndAsync("room:1", "t2");

        Assert.EndsWith("teal", second.Reply!.Text, StringComparison.Ordinal);
        Assert.Equal([ProblemCodes.ProcessCrashed, null], second.Attempts[0].Tries.Select(tried => tried.Problem?.Code));
        Assert.True(second.Attempts[0].Process!.Resumed);
        Assert.Empty(ProcessFamily.FindMarked(killed.Mark));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_cancelled_turn_ends_and_the_next_one_is_answered()
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync("host-1", s_settings);
        await cluster.RunAsync(host, "room:1", "t1", "remember colour=teal");
        await host.AcceptAsync("room:1", await cluster.PrepareAsync(host, "room:1", "t2", "hello {{model: delay=60s times=1}}"));
        await cluster.Model.WaitForRequestAsync(asked => asked.Turns == 2, Cancellation);

        using var cancelled = await host.Http.PostAsync("/sessions/room:1/turns/t2/cancel", null, Cancellation);
        var second = await cluster.EndAsync("room:1", "t2");
        var third = await cluster.RunAsync(host, "room:1", "t3", "recall colour");

        Assert.Equal(HttpStatusCode.Accepted, cancelled.StatusCode);
        Assert.Equal(ProblemCodes.TurnCancelled, second.Attempts[0].Problem!.Code);
        Assert.EndsWith("teal", third.Reply!.Text, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_host_that_stops_leaves_no_process()
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync("host-1", s_settings);
        await cluster.RunAsync(host, "room:1", "t1", "remember colour=teal");
        var process = await cluster.ReadProcessAsync("room:1");

        await host.StopAsync();
        var again = await cluster.AddHostAsync("host-1", s_settings);
        var second = await cluster.RunAsync(again, "room:1", "t2", "recall colour", epoch: 2);

        Assert.Empty(ProcessFamily.FindMarked(process.Mark));
        Assert.Equal("[2] teal", second.Reply!.Text);
        Assert.True(second.Attempts[0].Process!.Resumed);
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData("allow")]
    [InlineData("deny")]
    public async Task A_tools_question_is_put_to_the_turns_listeners(string decision)
    {
        await using var cluster = await HostCluster.StartAsync();
        var host = await cluster.AddHostAsync("host-1", [.. s_settings, "Profiles:default:Tools=Write", "Profiles:default:Permissions=relay"]);
        await host.AcceptAsync("room:1", await cluster.PrepareAsync(host, "room:1", "t1", """call tool Write {"file_path":"note.txt","content":"hello"}"""));
        await using var listener = await EventListener.OpenAsync(host, "room:1", "t1");

        var asked = await listener.UntilAsync<TurnEvent.Permission>();
        using var answer = await host.DecideAsync("room:1", asked.RequestId, $$"""{"decision":"{{decision}}"}""");
        var turn = await cluster.EndAsync("room:1", "t1");

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal("Write", asked.ToolName);
        Assert.Equal(TurnStatus.Completed, turn.Status);
        var written = Path.Combine((await cluster.FoldersOfAsync("room:1")).Work, "note.txt");
        Assert.Equal(decision == "allow", File.Exists(written));
    }
}
