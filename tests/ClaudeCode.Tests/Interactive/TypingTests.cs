using FunctionsBroker.ClaudeCode.Interactive;
using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.ClaudeCode.Tests.Interactive;

/// <summary>What becomes of a typed prompt in the real CLI, which can run a text instead of sending it to the model.</summary>
[Trait("Category", "EndToEnd")]
public sealed class TypingTests
{
    [Fact(Timeout = 2 * TestTimeouts.DefaultMilliseconds)]
    public async Task Every_hazard_reaches_the_model_as_text_and_runs_nothing()
    {
        await using var terminal = await RealTerminal.BeginAsync();
        terminal.Profile = terminal.Profile with { Tools = ClaudeProfile.AllTools };
        var process = await terminal.StartAsync();
        var marker = Path.Combine(terminal.Folders.Work, "ran");
        string[] prompts =
        [
            $"!touch {marker}", $"\n !touch {marker}", $"a\u001b[201~\r!touch {marker}\r", $"$(touch {marker})",
            "/cost", " /clear", "\u200b/exit", "exit", " quit ", ":q", "# memo", "ends with \\", "back\\\nslash", "two\nlines", "",
        ];

        foreach (var prompt in prompts)
        {
            var (seen, answer) = await terminal.AskAsync(process, prompt);

            // Characters without a width are the only ones that the CLI itself takes out.
            var sent = TypedText.Harmless(prompt).Replace("\u200b", "", StringComparison.Ordinal).Trim();
            Assert.Equal(sent, seen.Trim());
            Assert.EndsWith(sent, answer, StringComparison.Ordinal);
        }

        Assert.Equal(prompts.Length, terminal.Hooks.Count("UserPromptSubmit"));
        Assert.Equal(prompts.Length, terminal.Model.Requests.Count);
        Assert.False(File.Exists(marker));
        Assert.True(process.IsAlive);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_long_prompt_arrives_whole()
    {
        await using var terminal = await RealTerminal.BeginAsync();
        var process = await terminal.StartAsync();
        var prompt = string.Join('\n', Enumerable.Range(1, 5_000).Select(line => $"line {line} of a long prompt, with some words in it"));

        var (seen, _) = await terminal.AskAsync(process, prompt);

        Assert.Contains(prompt, seen, StringComparison.Ordinal);
        Assert.Contains("<pasted_content", seen, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_prompt_that_is_typed_at_once_after_the_start_is_submitted_once()
    {
        await using var terminal = await RealTerminal.BeginAsync();
        var start = await terminal.LaunchAsync(_ => Task.CompletedTask);
        var process = Assert.IsType<InteractiveStart.Ready>(start).Process;

        Assert.Equal("hello there", (await terminal.AskAsync(process, "hello there")).Prompt);
        await terminal.AskAsync(process, "and again");

        Assert.Equal(2, terminal.Hooks.Count("UserPromptSubmit"));
        Assert.Equal(2, terminal.Model.Requests.Count);
    }
}
