using FunctionsBroker.ClaudeCode.Interactive;
using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.ClaudeCode.Tests.Interactive;

/// <summary>The real CLI in a terminal.</summary>
[Trait("Category", "EndToEnd")]
public sealed class InteractiveProcessTests
{
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_process_is_ready_by_an_event_answers_turns_and_ends_when_it_is_asked_to()
    {
        await using var terminal = await RealTerminal.BeginAsync();
        var process = await terminal.StartAsync();

        Assert.False(process.Resumed);
        Assert.Equal("remember colour=teal", (await terminal.AskAsync(process, "remember colour=teal")).Prompt);
        Assert.Equal("[2] teal", (await terminal.AskAsync(process, "recall colour")).Answer);
        var exit = await process.StopAsync(RealTerminal.Stop);

        Assert.Equal(143, exit.ExitCode);
        Assert.Null(process.CliPid);
        Assert.Empty(ProcessFamily.FindMarked(process.Identity.Mark));
        Assert.Equal("other", (await terminal.Hooks.WaitAsync("SessionEnd", 0, TestContext.Current.CancellationToken)).Field("reason"));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_killed_process_leaves_nothing_behind_and_its_conversation_is_resumed()
    {
        await using var terminal = await RealTerminal.BeginAsync();
        terminal.Profile = terminal.Profile with { Tools = "Bash", AllowedTools = ["Bash"] };
        var first = await terminal.StartAsync();
        await terminal.AskAsync(first, "remember colour=teal");
        var marker = Path.Combine(terminal.Folders.Work, "ran");
        await first.Keyboard.TypeAsync(
            $$"""call tool Bash {"command":"touch {{marker}}; sleep 300"}""",
            terminal.Hooks.WaitAsync("UserPromptSubmit", 1, TestContext.Current.CancellationToken),
            TestContext.Current.CancellationToken);
        await Eventually.BecomesTrueAsync(() => File.Exists(marker), TestContext.Current.CancellationToken);

        first.EndAtOnce();
        await first.Completion;

        Assert.Empty(ProcessFamily.FindMarked(first.Identity.Mark));
        var second = await terminal.StartAsync();
        Assert.True(second.Resumed);
        Assert.EndsWith("teal", (await terminal.AskAsync(second, "recall colour")).Answer, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_turn_that_is_broken_off_by_key_leaves_the_process_for_the_next_one()
    {
        await using var terminal = await RealTerminal.BeginAsync();
        var process = await terminal.StartAsync();
        var token = TestContext.Current.CancellationToken;
        await process.Keyboard.TypeAsync("blue whale {{model: delay=60s}}", terminal.Hooks.WaitAsync("UserPromptSubmit", 0, token), token);
        await terminal.Model.WaitForRequestAsync(_ => true, token);

        await process.Keyboard.EscapeAsync(token);
        await Eventually.BecomesTrueAsync(() => terminal.Model.Requests[0].Outcome is not null, token);
        var (prompt, answer) = await terminal.AskAsync(process, "red whale");

        Assert.Equal("red whale", prompt);
        Assert.EndsWith("red whale", answer, StringComparison.Ordinal);
        Assert.Equal(1, terminal.Hooks.Count("Stop"));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_start_that_the_CLI_refuses_fails_with_its_words()
    {
        await using var terminal = await RealTerminal.BeginAsync();
        terminal.Profile = terminal.Profile with { ExtraArguments = ["--no-such-option"] };

        var start = await terminal.LaunchAsync();

        Assert.Contains("--no-such-option", Assert.IsType<InteractiveStart.Failed>(start).Detail, StringComparison.Ordinal);
    }

    [Fact(Timeout = 2 * TestTimeouts.DefaultMilliseconds)]
    public async Task A_process_that_does_not_become_ready_is_ended_and_its_screen_is_told()
    {
        await using var terminal = await RealTerminal.BeginAsync();
        terminal.Patience = TimeSpan.FromSeconds(30);

        var start = await terminal.LaunchAsync(token => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token));

        var detail = Assert.IsType<InteractiveStart.Failed>(start).Detail;
        Assert.Contains("not ready within 30 seconds", detail, StringComparison.Ordinal);
        Assert.Contains("manual mode on", detail, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_start_that_is_cancelled_leaves_no_process()
    {
        await using var terminal = await RealTerminal.BeginAsync();
        using var giveUp = new CancellationTokenSource();
        var before = ProcessFamily.FindMarked(ProcessFamily.RunMark).Count();

        var starting = terminal.LaunchAsync(async token =>
        {
            await giveUp.CancelAsync();
            giveUp.Token.ThrowIfCancellationRequested();
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting);
        Assert.Equal(before, ProcessFamily.FindMarked(ProcessFamily.RunMark).Count());
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_conversation_without_a_usable_transcript_is_begun_anew()
    {
        await using var terminal = await RealTerminal.BeginAsync();
        var transcript = terminal.Folders.Transcript(terminal.ClaudeSessionId);
        Directory.CreateDirectory(Path.GetDirectoryName(transcript.Path)!);
        await File.WriteAllTextAsync(transcript.Path, "{\"type\":\"queue-operation\"", TestContext.Current.CancellationToken);

        var process = await terminal.StartAsync();

        Assert.False(process.Resumed);
        Assert.Equal("[1] hello there", (await terminal.AskAsync(process, "hello there")).Answer);
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_process_that_is_kept_apart_works_and_ends_like_any_other(bool inSandbox)
    {
        await using var terminal = await RealTerminal.BeginAsync(inSandbox ? null : new SessionUsers(64_300, 64_302));
        terminal.Profile = terminal.Profile with { Sandbox = inSandbox ? SandboxMode.Bubblewrap : SandboxMode.None };
        var process = await terminal.StartAsync();

        Assert.Equal("[1] hello there", (await terminal.AskAsync(process, "hello there")).Answer);
        Assert.NotNull(process.CliPid);
        await process.StopAsync(RealTerminal.Stop);

        Assert.Empty(ProcessFamily.FindMarked(process.Identity.Mark));
        await terminal.Hooks.WaitAsync("SessionEnd", 0, TestContext.Current.CancellationToken);
        Assert.Equal(1, terminal.Hooks.Count("SessionEnd"));
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_known_question_is_answered_by_key_only_where_that_is_allowed(bool accept)
    {
        await using var terminal = await RealTerminal.BeginAsync();
        terminal.AcceptPrompts = accept;

        var start = await terminal.LaunchUnpreparedAsync();

        if (accept)
        {
            Assert.Contains("manual mode on", Assert.IsType<InteractiveStart.Ready>(start).Process.Screen.Text, StringComparison.Ordinal);
        }
        else
        {
            Assert.Contains("Yes, I trust this folder", Assert.IsType<InteractiveStart.Failed>(start).Detail, StringComparison.Ordinal);
        }
    }
}
