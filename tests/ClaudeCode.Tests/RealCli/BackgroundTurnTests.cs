using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.ClaudeCode.Tests.RealCli;

/// <summary>What the real CLI does by itself between turns, under a profile that lets it.</summary>
[Trait("Category", "EndToEnd")]
public sealed class BackgroundTurnTests
{
    private static readonly ClaudeProfile s_profile = new()
    {
        Tools = ClaudeProfile.AllTools,
        AllowedTools = ["Bash", "Monitor", "Agent"],
        Background = true,
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Task_that_reports_begins_a_turn_of_its_own()
    {
        await using var conversation = await RealConversation.BeginAsync(s_profile);
        var process = await conversation.StartAsync();
        await using var turns = process.BackgroundTurns.GetAsyncEnumerator(Cancellation);

        await conversation.AskAsync(process, "t1", Bash("sleep 1; echo finished"));
        Assert.True(process.WorksOn);
        var background = await NextAsync(turns);
        var (outcome, _) = await conversation.AskAsync(process, "t2", "hello");

        Assert.Equal(("t1", "t1"), (background.BegunBy?.Value, background.After?.Value));
        Assert.Contains("completed", background.Prompt, StringComparison.Ordinal);
        var answer = Assert.IsType<TurnOutcome.Completed>(background.Outcome).Answer;
        Assert.NotEmpty(answer.Text);
        Assert.True(answer is { CostUsd: > 0, Usage.OutputTokens: > 0 });
        Assert.False(process.WorksOn);

        // It has its own figures, and the next turn has none of them.
        var next = Assert.IsType<TurnOutcome.Completed>(outcome).Answer;
        Assert.Equal("[2] hello", next.Text);
        Assert.InRange(next.Usage.OutputTokens, 1, answer.Usage.OutputTokens - 1);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Task_that_reports_after_other_turns_belongs_to_the_one_that_began_it()
    {
        await using var conversation = await RealConversation.BeginAsync(s_profile);
        var process = await conversation.StartAsync();
        await using var turns = process.BackgroundTurns.GetAsyncEnumerator(Cancellation);

        await conversation.AskAsync(process, "t1", Bash("while ! test -e go; do sleep 0.1; done"));
        Assert.Equal("[2] hello", await conversation.AskForTextAsync(process, "t2", "hello"));
        await File.WriteAllTextAsync(Path.Combine(conversation.Folders.Work, "go"), string.Empty, Cancellation);
        var background = await NextAsync(turns);

        Assert.Equal(("t1", "t2"), (background.BegunBy?.Value, background.After?.Value));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Monitor_begins_a_turn_for_each_thing_that_it_sees()
    {
        await using var conversation = await RealConversation.BeginAsync(s_profile);
        var process = await conversation.StartAsync();
        await using var turns = process.BackgroundTurns.GetAsyncEnumerator(Cancellation);

        await conversation.AskAsync(process, "t1", """call tool Monitor {"command":"sleep 1; echo one; sleep 2; echo two; sleep 2","description":"watch","timeout_ms":20000,"persistent":false}""");
        BackgroundTurn[] seen = [await NextAsync(turns), await NextAsync(turns), await NextAsync(turns)];

        Assert.All(seen, turn => Assert.Equal("t1", turn.BegunBy?.Value));
        Assert.Equal(BackgroundWork.UnknownCause, seen[0].Prompt);
        Assert.Contains("stream ended", seen[2].Prompt, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Agent_in_the_background_uses_its_tools_while_no_turn_runs()
    {
        await using var conversation = await RealConversation.BeginAsync(s_profile);
        var process = await conversation.StartAsync();
        await using var turns = process.BackgroundTurns.GetAsyncEnumerator(Cancellation);

        await conversation.AskAsync(
            process,
            "t1",
            """call tool Agent {"description":"x","prompt":"call tool Bash {\"command\":\"sleep 1; echo ran > agent.txt\",\"description\":\"x\"}","subagent_type":"general-purpose","run_in_background":true}""");
        await NextAsync(turns);

        Assert.Equal("ran\n", await File.ReadAllTextAsync(Path.Combine(conversation.Folders.Work, "agent.txt"), Cancellation));
    }

    private static string Bash(string command) => $$"""call tool Bash {"command":"{{command}}","description":"x","run_in_background":true}""";

    private static async Task<BackgroundTurn> NextAsync(IAsyncEnumerator<BackgroundTurn> turns)
    {
        Assert.True(await turns.MoveNextAsync());
        return turns.Current;
    }
}
