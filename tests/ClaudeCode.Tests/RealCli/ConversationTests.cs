using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.ClaudeCode.Tests.RealCli;

[Trait("Category", "EndToEnd")]
public sealed class ConversationTests
{
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Turns_of_one_process_share_a_memory_and_are_each_charged_for_themselves()
    {
        await using var conversation = await RealConversation.BeginAsync();
        var process = await conversation.StartAsync();

        var (first, _) = await conversation.AskAsync(process, "t1", "remember colour=teal");
        var (second, notice) = await conversation.AskAsync(process, "t2", "recall colour");

        var firstAnswer = Assert.IsType<TurnOutcome.Completed>(first).Answer;
        var secondAnswer = Assert.IsType<TurnOutcome.Completed>(second).Answer;
        Assert.Equal("[2] teal", secondAnswer.Text);
        Assert.Null(notice);
        Assert.Equal(2, process.Turns);
        Assert.False(process.Resumed);
        Assert.True(firstAnswer.CostUsd > 0);
        Assert.True(secondAnswer.CostUsd > 0);
        Assert.True(secondAnswer.ModelMs >= 0);
        Assert.True(secondAnswer.Usage.OutputTokens > 0);
        await process.StopAsync(RealConversation.Stop);
        Assert.Equal(new FileInfo(conversation.Transcript.Path).Length, conversation.Transcript.Length);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_stopped_process_is_gone_and_a_new_one_resumes_the_conversation()
    {
        await using var conversation = await RealConversation.BeginAsync();
        var first = await conversation.StartAsync();
        await conversation.AskForTextAsync(first, "t1", "remember colour=teal");

        var exit = await first.StopAsync(RealConversation.Stop);
        var second = await conversation.StartAsync();

        Assert.Equal(0, exit.ExitCode);
        Assert.False(first.Identity.IsAlive());
        Assert.True(second.Resumed);
        Assert.Equal("[2] teal", await conversation.AskForTextAsync(second, "t2", "recall colour"));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_turn_whose_process_was_killed_before_the_answer_is_run_by_the_next_process()
    {
        await using var conversation = await RealConversation.BeginAsync();
        var first = await conversation.StartAsync();
        await conversation.AskForTextAsync(first, "t1", "remember colour=teal");
        const string Cut = "recall colour {{model: delay=60s times=1}}";
        var cut = conversation.AskAsync(first, "t2", Cut);
        await conversation.Model.WaitForRequestAsync(request => request.Turns == 2, TestContext.Current.CancellationToken);

        first.Identity.Kill();
        var (outcome, _) = await cut;
        var second = await conversation.StartAsync();
        var (again, notice) = await conversation.AskAsync(second, "t2", Cut);

        Assert.Equal(137, Assert.IsType<TurnOutcome.ProcessEnded>(outcome).Exit.ExitCode);
        Assert.EndsWith("teal", Assert.IsType<TurnOutcome.Completed>(again).Answer.Text, StringComparison.Ordinal);

        // Whether the kill came before the prompt was written down is not for us to say.
        Assert.True(notice is null or TurnDelivery.ReplayedNotice, notice);
    }

    // The model counts what was said to it: a prompt that is sent again stands there twice, and only once for whoever resumes
    // the conversation after that. So numbers may stand still; what was said may not be gone.
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Everything_that_was_said_is_known_to_the_process_after_the_one_that_ran_a_turn_again()
    {
        const string Second = "remember two=second {{model: delay=60s times=1}}";
        await using var conversation = await RealConversation.BeginAsync();
        var first = await conversation.StartAsync();
        await conversation.AskForTextAsync(first, "t1", "remember one=first");
        var cut = conversation.AskAsync(first, "t2", Second);
        await conversation.Model.WaitForRequestAsync(request => request.Turns == 2, TestContext.Current.CancellationToken);
        first.Identity.Kill();
        await cut;

        var second = await conversation.StartAsync();
        await conversation.AskForTextAsync(second, "t2", Second);
        await conversation.AskForTextAsync(second, "t3", "remember three=third");
        second.Identity.Kill();
        await second.Completion;
        var third = await conversation.StartAsync();

        Assert.EndsWith("first", await conversation.AskForTextAsync(third, "t4", "recall one"), StringComparison.Ordinal);
        Assert.EndsWith("second", await conversation.AskForTextAsync(third, "t5", "recall two"), StringComparison.Ordinal);
        Assert.EndsWith("third", await conversation.AskForTextAsync(third, "t6", "recall three"), StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task An_answer_that_nobody_took_before_the_kill_is_read_from_the_transcript()
    {
        await using var conversation = await RealConversation.BeginAsync();
        var first = await conversation.StartAsync();
        var given = await conversation.AskForTextAsync(first, "t1", "blue whale");
        first.Identity.Kill();
        await first.Completion;

        var second = await conversation.StartAsync();
        var (outcome, notice) = await conversation.AskAsync(second, "t1", "blue whale");

        Assert.Equal(given, Assert.IsType<TurnOutcome.Completed>(outcome).Answer.Text);
        Assert.Equal(TurnDelivery.RecoveredNotice, notice);
        Assert.Single(conversation.Model.Requests);
        Assert.Equal("[2] next", await conversation.AskForTextAsync(second, "t2", "next"));
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData(ReplayRule.Always)]
    [InlineData(ReplayRule.WhenSafe)]
    [InlineData(ReplayRule.Never)]
    public async Task A_turn_killed_in_a_tool_is_sent_again_only_by_the_profiles_leave_and_the_tool_is_killed_with_it(ReplayRule rule)
    {
        await using var conversation = await RealConversation.BeginAsync(new ClaudeProfile { Tools = "Bash", AllowedTools = ["Bash"], Replay = rule });
        var first = await conversation.StartAsync();
        var marker = Path.Combine(conversation.Folders.Work, "ran");
        var prompt = $$"""call tool Bash {"command":"test -e {{marker}} && echo again || { touch {{marker}}; sleep 300; }"}""";
        var cut = conversation.AskAsync(first, "t1", prompt);
        await Eventually.BecomesTrueAsync(() => File.Exists(marker), TestContext.Current.CancellationToken);

        // The tool may run before its call is in the transcript; a kill in between leaves an unanswered prompt, which is another case.
        await Eventually.BecomesTrueAsync(
            () => File.Exists(conversation.Transcript.Path) && File.ReadAllText(conversation.Transcript.Path).Contains("\"tool_use\"", StringComparison.Ordinal),
            TestContext.Current.CancellationToken);

        first.Identity.Kill();
        await cut;
        Assert.True(first.ToolsUsed);
        Assert.Empty(ProcessFamily.FindMarked(first.Identity.Mark));
        var second = await conversation.StartAsync();
        var (outcome, notice) = await conversation.AskAsync(second, "t1", prompt);

        if (rule == ReplayRule.Always)
        {
            Assert.EndsWith("tool Bash said: again", Assert.IsType<TurnOutcome.Completed>(outcome).Answer.Text, StringComparison.Ordinal);
            Assert.Equal(TurnDelivery.ToolsReplayedNotice, notice);
        }
        else
        {
            Assert.Equal(ProblemCodes.TurnNotReplayed, Assert.IsType<TurnOutcome.Failed>(outcome).Problem.Code);
            Assert.Equal(0, second.Turns);
        }
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_failed_turn_can_be_tried_again_in_the_same_process_and_in_a_resumed_one()
    {
        await using var conversation = await RealConversation.BeginAsync();
        var first = await conversation.StartAsync();
        conversation.Model.SetDefaults("status=529");
        var (overloaded, _) = await conversation.AskAsync(first, "t1", "blue whale");
        var (still, _) = await conversation.AskAsync(first, "t1", "blue whale");
        await first.StopAsync(RealConversation.Stop);
        conversation.Model.SetDefaults("");

        var second = await conversation.StartAsync();
        var (outcome, notice) = await conversation.AskAsync(second, "t1", "blue whale");

        Assert.Equal(ProblemCodes.ModelOverloaded, Assert.IsType<TurnOutcome.Failed>(overloaded).Problem.Code);
        Assert.Equal(ProblemCodes.ModelOverloaded, Assert.IsType<TurnOutcome.Failed>(still).Problem.Code);
        Assert.EndsWith("blue whale", Assert.IsType<TurnOutcome.Completed>(outcome).Answer.Text, StringComparison.Ordinal);
        Assert.Equal(TurnDelivery.ReplayedNotice, notice);
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData("status=400", ProblemCodes.ContextTooLong)]
    [InlineData("status=401", ProblemCodes.ModelAuthentication)]
    [InlineData("status=429 retryAfter=3600", ProblemCodes.ModelRateLimited)]
    [InlineData("status=500", ProblemCodes.ModelError)]
    [InlineData("status=529", ProblemCodes.ModelOverloaded)]
    public async Task A_fault_of_the_model_is_named_and_the_process_goes_on(string directive, string code)
    {
        await using var conversation = await RealConversation.BeginAsync();
        var process = await conversation.StartAsync();

        var (outcome, _) = await conversation.AskAsync(process, "t1", $"blue whale {{{{model: {directive}}}}}");

        Assert.Equal(code, Assert.IsType<TurnOutcome.Failed>(outcome).Problem.Code);
        Assert.EndsWith("fine", await conversation.AskForTextAsync(process, "t2", "fine"), StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_turn_that_is_stopped_leaves_the_process_for_the_next_one()
    {
        await using var conversation = await RealConversation.BeginAsync();
        var process = await conversation.StartAsync();
        using var stopping = new CancellationTokenSource();
        var running = conversation.AskUntilAsync(process, "t1", "blue whale {{model: delay=60s}}", stopping.Token);
        await conversation.Model.WaitForRequestAsync(_ => true, TestContext.Current.CancellationToken);

        await stopping.CancelAsync();
        var (outcome, _) = await running;

        Assert.Equal(ProblemCodes.Interrupted, Assert.IsType<TurnOutcome.Failed>(outcome).Problem.Code);
        Assert.EndsWith("fine", await conversation.AskForTextAsync(process, "t2", "fine"), StringComparison.Ordinal);
        Assert.True(process.IsAlive);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_turn_without_output_is_stopped_after_the_idle_limit()
    {
        await using var conversation = await RealConversation.BeginAsync();
        var process = await conversation.StartAsync();
        var bounds = RealConversation.Bounds with { Idle = TimeSpan.FromMilliseconds(1_500) };

        var (outcome, _) = await conversation.AskAsync(process, "t1", "blue whale {{model: delay=60s}}", bounds);

        Assert.Equal(ProblemCodes.TurnTimedOut, Assert.IsType<TurnOutcome.Failed>(outcome).Problem.Code);
        Assert.EndsWith("fine", await conversation.AskForTextAsync(process, "t2", "fine"), StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_conversation_whose_transcript_is_gone_begins_anew_with_a_notice()
    {
        await using var conversation = await RealConversation.BeginAsync();
        var first = await conversation.StartAsync();
        await conversation.AskForTextAsync(first, "t1", "remember colour=teal");
        await first.StopAsync(RealConversation.Stop);
        File.Delete(conversation.Transcript.Path);

        var started = Assert.IsType<ClaudeLaunchResult.Started>(await conversation.LaunchAsync(hasHistory: true));

        Assert.Equal(ClaudeLauncher.HistoryLostNotice, started.Notice);
        Assert.Equal("[1] nothing is known of colour", await conversation.AskForTextAsync(Assert.IsType<ClaudeProcess>(started.Process), "t2", "recall colour"));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_transcript_without_a_conversation_is_set_aside_and_the_id_is_used_anew()
    {
        await using var conversation = await RealConversation.BeginAsync();
        Directory.CreateDirectory(Path.GetDirectoryName(conversation.Transcript.Path)!);
        await File.WriteAllTextAsync(conversation.Transcript.Path, "{\"type\":\"queue-operation\"", TestContext.Current.CancellationToken);

        var process = await conversation.StartAsync();

        Assert.False(process.Resumed);
        Assert.Equal("[1] hello", await conversation.AskForTextAsync(process, "t1", "hello"));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_process_cannot_see_what_the_host_keeps_to_itself()
    {
        await using var conversation = await RealConversation.BeginAsync(new ClaudeProfile { Tools = "Bash", AllowedTools = ["Bash"] });
        conversation.HostEnvironment["AzureWebJobsStorage"] = "canary-storage";
        conversation.HostEnvironment["Host__CallbackKey"] = "canary-callback";
        conversation.HostEnvironment["IS_SANDBOX"] = "canary-sandbox";
        conversation.HostEnvironment["AWS_SECRET_ACCESS_KEY"] = "canary-cloud";
        var process = await conversation.StartAsync();

        var text = await conversation.AskForTextAsync(process, "t1", """call tool Bash {"command":"env; cat /proc/$PPID/environ | tr '\\0' '\\n'"}""");

        Assert.Contains("CLAUDE_CONFIG_DIR=", text, StringComparison.Ordinal);
        Assert.Contains($"HOME={conversation.Folders.Home}", text, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", text, StringComparison.Ordinal);
    }
}
