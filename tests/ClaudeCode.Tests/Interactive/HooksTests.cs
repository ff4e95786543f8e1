using FunctionsBroker.TestKit;

namespace FunctionsBroker.ClaudeCode.Tests.Interactive;

/// <summary>What the real CLI reports over HTTP by the settings that it is started with.</summary>
[Trait("Category", "EndToEnd")]
public sealed class HooksTests
{
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Both_ends_of_a_turn_carry_its_prompts_id_and_our_secret()
    {
        await using var terminal = await RealTerminal.BeginAsync();
        var process = await terminal.StartAsync();
        await terminal.AskAsync(process, "hello there");
        await terminal.AskAsync(process, "and again");

        var submits = terminal.Hooks.Received.Where(hook => hook.Name == "UserPromptSubmit").ToList();
        var stops = terminal.Hooks.Received.Where(hook => hook.Name == "Stop").ToList();
        Assert.Equal(submits.Select(hook => hook.Field("prompt_id")), stops.Select(hook => hook.Field("prompt_id")));
        Assert.Equal(2, submits.Select(hook => hook.Field("prompt_id")).Distinct().Count());
        Assert.All(terminal.Hooks.Received, hook =>
        {
            Assert.Equal(terminal.Hooks.Address.HeaderValue, hook.Shown);
            Assert.Equal(terminal.ClaudeSessionId.ToString("D"), hook.Field("session_id"));
            Assert.Equal(terminal.Folders.Transcript(terminal.ClaudeSessionId).Path, hook.Field("transcript_path"));
            Assert.Equal(hook.Name, hook.Field("hook_event_name"));
        });
        Assert.Equal(["[1] hello there", "[2] and again"], stops.Select(hook => hook.Field("last_assistant_message")));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_turn_that_the_model_fails_is_reported_as_that_with_its_prompts_id()
    {
        await using var terminal = await RealTerminal.BeginAsync();
        var process = await terminal.StartAsync();
        var token = TestContext.Current.CancellationToken;

        await process.Keyboard.TypeAsync("hello {{model: status=529}}", terminal.Hooks.WaitAsync("UserPromptSubmit", 0, token), token);
        var failure = await terminal.Hooks.WaitAsync("StopFailure", 0, token);

        Assert.Equal("server_error", failure.Field("error"));
        Assert.Contains("529", failure.Field("last_assistant_message"), StringComparison.Ordinal);
        Assert.Equal(terminal.Hooks.Received[0].Field("prompt_id"), failure.Field("prompt_id"));
        Assert.Equal(0, terminal.Hooks.Count("Stop"));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_tool_that_no_rule_allows_is_reported_and_waits()
    {
        await using var terminal = await RealTerminal.BeginAsync();
        terminal.Profile = terminal.Profile with { Tools = "Bash" };
        var process = await terminal.StartAsync();
        var token = TestContext.Current.CancellationToken;

        await process.Keyboard.TypeAsync("""call tool Bash {"command":"touch ran"}""", terminal.Hooks.WaitAsync("UserPromptSubmit", 0, token), token);
        var question = await terminal.Hooks.WaitAsync("PermissionRequest", 0, token);

        Assert.Equal("Bash", question.Field("tool_name"));
        Assert.Contains("touch ran", question.Field("tool_input"), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(terminal.Folders.Work, "ran")));
    }
}
