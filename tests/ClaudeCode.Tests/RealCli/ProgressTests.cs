using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.ClaudeCode.Tests.StreamJson;
using FunctionsBroker.ClaudeCode.Turns;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.ClaudeCode.Tests.RealCli;

/// <summary>What the real CLI tells of a turn while it runs.</summary>
[Trait("Category", "EndToEnd")]
public sealed class ProgressTests
{
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task An_answer_comes_in_pieces_that_make_it_up()
    {
        await using var conversation = await RealConversation.BeginAsync();
        var process = await conversation.StartAsync();
        var observer = new RecordingObserver();

        var (outcome, _) = await conversation.AskAsync(process, "t1", "repeat 50 words", observer: observer);

        Assert.Equal(Assert.IsType<TurnOutcome.Completed>(outcome).Answer.Text, observer.Text);
        Assert.InRange(observer.Progress.Count, 3, 100);
        Assert.False(process.ToolsUsed);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Pieces_of_an_answer_that_is_broken_off_are_taken_back()
    {
        await using var conversation = await RealConversation.BeginAsync();
        conversation.HostEnvironment["CLAUDE_CODE_MAX_RETRIES"] = "1";
        var process = await conversation.StartAsync();
        var observer = new RecordingObserver();

        var (outcome, _) = await conversation.AskAsync(process, "t1", "repeat 50 words {{model: drop=midStream chunkDelay=50ms times=1}}", observer: observer);

        Assert.Equal(Assert.IsType<TurnOutcome.Completed>(outcome).Answer.Text, observer.Text);
        Assert.Equal(0, Assert.Single(observer.Progress.OfType<TurnProgress.Reset>()).KeptCharacters);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Tools_are_told_of_when_they_begin_and_end()
    {
        await using var conversation = await RealConversation.BeginAsync(new ClaudeProfile { Tools = "Bash", AllowedTools = ["Bash"] });
        var process = await conversation.StartAsync();
        var observer = new RecordingObserver();

        await conversation.AskAsync(
            process,
            "t1",
            """
            call tool Bash {"command":"echo hi"}
            call tool Bash {"command":"echo no; exit 3"}
            """,
            observer: observer);

        var started = observer.Progress.OfType<TurnProgress.ToolStarted>().ToList();
        var ended = observer.Progress.OfType<TurnProgress.ToolEnded>().ToList();
        Assert.Equal(["Bash", "Bash"], started.Select(tool => tool.Name));
        Assert.Equal("""{"command":"echo hi"}""", started[0].Input);
        Assert.Equal(started.Select(tool => tool.Id), ended.Select(tool => tool.Id));
        Assert.Equal([false, true], ended.Select(tool => tool.IsError));
        Assert.Equal("hi", ended[0].Output);
        Assert.True(process.ToolsUsed);

        await conversation.AskAsync(process, "t2", "hello");
        Assert.False(process.ToolsUsed);
    }
}
