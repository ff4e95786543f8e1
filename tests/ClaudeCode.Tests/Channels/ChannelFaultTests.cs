using System.Text.Json;
using FunctionsBroker.ClaudeCode.Channels;
using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.ClaudeCode.Tests.StreamJson;
using FunctionsBroker.ClaudeCode.Transports;
using FunctionsBroker.ClaudeCode.Turns;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Sessions.Attachments;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.ClaudeCode.Tests.Channels;

/// <summary>What the transport makes of a CLI that loses, doubles and delays what it is given and what it reports.</summary>
public sealed class ChannelFaultTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Turns_over_one_process_are_answered_each_with_its_own_text()
    {
        await using var cli = new PlayedCli();

        for (var turn = 1; turn <= 5; turn++)
        {
            var running = cli.RunAsync($"t{turn}");
            await cli.AnswerAsync($"p{turn}", await cli.PushedAsync(), $"answer {turn} ");

            Assert.Equal($"answer {turn} ", TextOf(await running));
        }

        Assert.Equal((1, 5), (cli.Session.Starts, cli.Session.Process.Turns));
        Assert.Equal("answer 1 answer 2 answer 3 answer 4 answer 5 ", cli.Observer.Text);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_push_that_is_dropped_is_repeated_and_the_process_does_not_outlive_the_turn()
    {
        await using var cli = new PlayedCli { Profile = PlayedCli.ProfileOf(arrival: TimeSpan.FromSeconds(5)) };

        var running = cli.RunAsync("t1");
        await cli.PushedAsync();
        var again = await cli.PushedAsync();
        await cli.AnswerAsync("p1", again, "yes");

        Assert.Equal("yes", TextOf(await running));
        Assert.False(cli.Session.Process.IsAlive); // the first push may have been late only
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_push_that_shows_no_sign_of_arrival_is_repeated_once_and_then_given_to_the_next_transport()
    {
        await using var cli = new PlayedCli { Profile = PlayedCli.ProfileOf(arrival: TimeSpan.FromSeconds(1)) };

        var result = await cli.RunAsync("t1");

        var problem = Assert.IsType<TurnOutcome.NotStarted>(result.Outcome).Problem;
        Assert.Equal(ProblemCodes.ChannelNotDelivered, problem.Code);
        Assert.Equal(2, cli.WaitingPushes);
        Assert.False(cli.Session.Process.IsAlive);
        Assert.Null(cli.Session.Live);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_push_that_arrived_without_a_word_is_found_in_the_transcript()
    {
        await using var cli = new PlayedCli();

        var running = cli.RunAsync("t1");
        await cli.WritePromptAsync("p1", await cli.PushedAsync());
        await cli.WriteAnswerAsync("yes ");
        await cli.WriteEndAsync();

        Assert.Equal("yes ", TextOf(await running));
        Assert.Equal(0, cli.WaitingPushes);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Hooks_of_other_turns_end_nothing()
    {
        await using var cli = new PlayedCli();
        var first = cli.RunAsync("t1");
        await cli.AnswerAsync("p1", await cli.PushedAsync(), "one");
        await first;

        var second = cli.RunAsync("t2");
        await cli.StopAsync("p1", "late");
        await cli.SubmitAsync("p2", await cli.PushedAsync());
        await cli.StopAsync("p1", "later");
        await cli.StopAsync(null, "whose?");
        await cli.HookAsync("StopFailure", new { prompt_id = "p1", error = "server_error" });
        Assert.False(second.IsCompleted);
        await cli.StopAsync("p2", "two");
        await cli.StopAsync("p2", "two again");

        Assert.Equal("two", TextOf(await second));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_hook_before_the_flush_waits_for_the_line_that_it_tells_of()
    {
        await using var cli = new PlayedCli(flush: TimeSpan.FromSeconds(30));

        var running = cli.RunAsync("t1");
        var prompt = await cli.PushedAsync();
        await cli.SubmitAsync("p1", prompt);
        await cli.StopAsync("p1", "yes");
        await cli.WritePromptAsync("p1", prompt);
        await cli.WriteAnswerAsync("yes \n");

        Assert.Equal("yes \n", TextOf(await running));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_process_that_dies_in_mid_turn_is_told_from_one_that_had_answered()
    {
        await using var lost = new PlayedCli();
        var running = lost.RunAsync("t1");
        await lost.SubmitAsync("p1", await lost.PushedAsync());
        lost.Session.Process.Identity.Kill();
        Assert.IsType<TurnOutcome.ProcessEnded>((await running).Outcome);

        await using var answered = new PlayedCli();
        running = answered.RunAsync("t1");
        await answered.WritePromptAsync("p1", await answered.PushedAsync());
        await answered.WriteAnswerAsync("yes");
        answered.Session.Process.Identity.Kill();
        Assert.Equal("yes", TextOf(await running));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task An_answer_that_an_earlier_try_left_in_the_transcript_is_taken_from_there()
    {
        await using var cli = new PlayedCli();
        await cli.WritePromptAsync("p1", """<channel source="broker" turn_id="t1">hello</channel>""");
        await cli.WriteAnswerAsync("given before");

        var result = await cli.RunAsync("t1", Cancellation, mayHaveRun: true);

        Assert.Equal("given before", TextOf(result));
        Assert.Contains(TurnDelivery.RecoveredNotice, result.Notices);
        Assert.Equal(0, cli.Session.Starts);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_reply_by_the_tool_that_an_earlier_try_left_in_the_transcript_is_the_answer()
    {
        await using var cli = new PlayedCli();
        await cli.WritePromptAsync("p1", """<channel source="broker" turn_id="t1">hello</channel>""");
        await cli.WriteCallAsync(ChannelProtocol.ReplyToolRule, new { text = "for another", turn_id = "t0" });
        await cli.WriteCallAsync(ChannelProtocol.ReplyToolRule, new { text = "said by the tool", turn_id = "t1" });
        await cli.WriteCallAsync("Bash", new { text = "no reply" });
        await cli.WriteAnswerAsync("I have answered.");

        Assert.Equal("said by the tool", TextOf(await cli.RunAsync("t1", Cancellation, mayHaveRun: true)));
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData(ReplayRule.Always)]
    [InlineData(ReplayRule.Never)]
    public async Task A_try_that_was_cut_off_is_repeated_by_the_profiles_rule(ReplayRule rule)
    {
        await using var cli = new PlayedCli { Profile = new ClaudeProfile { Replay = rule } };
        await cli.WritePromptAsync("p0", """<channel source="broker" turn_id="t1">hello</channel>""");

        var running = cli.RunAsync("t1", Cancellation, mayHaveRun: true);
        if (rule == ReplayRule.Never)
        {
            Assert.Equal(ProblemCodes.TurnNotReplayed, Assert.IsType<TurnOutcome.Failed>((await running).Outcome).Problem.Code);
            return;
        }

        await cli.AnswerAsync("p1", await cli.PushedAsync(), "yes");
        var result = await running;
        Assert.Equal("yes", TextOf(result));
        Assert.Contains(TurnDelivery.ReplayedNotice, result.Notices);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_reply_by_the_tool_is_the_answer_of_the_turn_that_it_names()
    {
        await using var cli = new PlayedCli();
        var running = cli.RunAsync("t1");
        var prompt = await cli.PushedAsync();
        await cli.SubmitAsync("p1", prompt);

        var stranger = await ReplyAsync(cli, "t0", "of an earlier turn");
        await ReplyAsync(cli, "t1", "by the tool");
        await cli.WritePromptAsync("p1", prompt);
        await cli.WriteAnswerAsync("I have replied.");
        await cli.StopAsync("p1", "I have replied.");

        Assert.Equal("by the tool", TextOf(await running));
        Assert.Contains("answered already", stranger, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_question_that_comes_by_hook_and_by_channel_is_asked_once_and_answered_to_both()
    {
        await using var cli = new PlayedCli { Observer = new RecordingObserver { OnQuestion = (_, _) => Task.FromResult<PermissionDecision>(new PermissionDecision.Allow()) } };
        var running = cli.RunAsync("t1");
        var prompt = await cli.PushedAsync();
        await cli.SubmitAsync("p1", prompt);

        await cli.Client!.SendNotificationAsync(
            "notifications/claude/channel/permission_request",
            new { request_id = "abcde", tool_name = "Write", description = "f", input_preview = """{"file_path":"f"}""" },
            cancellationToken: Cancellation);
        var byChannel = await cli.DecidedAsync();
        var byHook = await cli.HookAsync("PermissionRequest", new { tool_name = "Write", tool_input = new { file_path = "f" } });
        await cli.AnswerAsync("p1", prompt, "done");
        await running;

        Assert.Equal("allow", byChannel);
        Assert.Contains("\"allow\"", byHook, StringComparison.Ordinal);
        Assert.Equal("Write", Assert.Single(cli.Observer.Questions).ToolName);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_stopped_turn_that_shows_no_end_takes_the_process_with_it()
    {
        await using var cli = new PlayedCli();
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var running = cli.RunAsync("t1", stopping.Token);
        await cli.SubmitAsync("p1", await cli.PushedAsync());

        await stopping.CancelAsync();

        Assert.Equal(ProblemCodes.Interrupted, Assert.IsType<TurnOutcome.Failed>((await running).Outcome).Problem.Code);
        Assert.False(cli.Session.Process.IsAlive);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_process_without_its_relay_is_replaced()
    {
        await using var cli = new PlayedCli();
        var first = cli.RunAsync("t1");
        await cli.AnswerAsync("p1", await cli.PushedAsync(), "one");
        await first;

        await cli.DisconnectAsync();
        await Eventually.BecomesTrueAsync(() => Task.FromResult(!cli.Session.Process.IsUsable), Cancellation);
        var second = cli.RunAsync("t2");
        await cli.AnswerAsync("p2", await cli.PushedAsync(), "two");

        Assert.Equal("two", TextOf(await second));
        Assert.Equal(2, cli.Session.Starts);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task What_the_cli_says_of_channels_is_obeyed_and_remembered()
    {
        await using var cli = new PlayedCli("""[DEBUG] MCP server "broker": Channel notifications skipped: channels not enabled by org policy""");

        var first = await cli.RunAsync("t1");
        var second = await cli.RunAsync("t2");

        Assert.All([first, second], result => Assert.Equal(ProblemCodes.ChannelsPolicy, Assert.IsType<TurnOutcome.NotStarted>(result.Outcome).Problem.Code));
        Assert.Equal((1, 0), (cli.Session.Starts, cli.WaitingPushes));
        Assert.Null(cli.Session.Live);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_turn_with_attachments_goes_by_the_next_transport()
    {
        await using var cli = new PlayedCli();

        var result = await cli.RunAsync("t1", Cancellation, attachments: [new CheckedAttachment(AttachmentKind.Text, "a.txt", "text/plain", "x", 1)]);

        Assert.Equal(ProblemCodes.ChannelUnsuited, Assert.IsType<TurnOutcome.NotStarted>(result.Outcome).Problem.Code);
        Assert.Equal(0, cli.Session.Starts);
    }

    private static string TextOf(TransportResult result) => Assert.IsType<TurnOutcome.Completed>(result.Outcome).Answer.Text;

    private static async Task<string> ReplyAsync(PlayedCli cli, string turnId, string text)
    {
        var result = await cli.Client!.CallToolAsync("reply", new Dictionary<string, object?> { ["turn_id"] = turnId, ["text"] = text }, cancellationToken: Cancellation);
        return JsonSerializer.Serialize(result.Content);
    }
}
