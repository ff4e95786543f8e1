using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.ClaudeCode.Turns;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.ClaudeCode.Tests.StreamJson;

/// <summary>Which result is a turn's, with versions that say so and with those that do not.</summary>
public sealed class CorrelationTests
{
    private const string Nameless = """print {"type":"result","is_error":false,"result":"nameless"}""";
    private const string Foreign = """print {"type":"result","is_error":false,"result":"foreign","user_message_uuids":["x"]}""";

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Run_VersionThatNamesLines_TakesOnlyTheResultThatNamesOurs()
    {
        await using var fake = await FakeProcess.StartAsync();

        Assert.Equal("mine", await fake.RunForTextAsync(Nameless, Foreign, "say mine"));
        Assert.Equal("again", await fake.RunForTextAsync("say again"));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Run_WhatTheCliDoesByItselfBeforeTheTurnHasStarted_IsNoneOfTheTurns()
    {
        await using var fake = await FakeProcess.StartAsync();
        var observer = new RecordingObserver();

        var outcome = await fake.RunAsync(observer, "meanwhile background", "delta mi", "say mine");

        Assert.Equal("mine", Assert.IsType<TurnOutcome.Completed>(outcome).Answer.Text);
        Assert.Equal(["mi", "ne"], observer.Progress.OfType<TurnProgress.TextDelta>().Select(delta => delta.Text));
        Assert.Empty(observer.Progress.OfType<TurnProgress.ToolStarted>());
        Assert.Empty(observer.Questions);
        Assert.False(fake.Process.ToolsUsed);
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData("one two", "text one ", "say two")]
    [InlineData("two", "text one ", "call-tool Bash", "tool-end done", "say two")]
    [InlineData("two three", "text one ", "call-tool Bash", "tool-end done", "text two ", "say three")]
    public async Task Run_AnswerInSeveralBlocks_IsAllThatWasSaidSinceTheLastTool(string expected, params string[] steps)
    {
        await using var fake = await FakeProcess.StartAsync();

        Assert.Equal(expected, await fake.RunForTextAsync(steps));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Run_VersionThatNamesNone_TakesTheNextResultThatIsNotAnothers()
    {
        await using var fake = await FakeProcess.StartAsync("old");

        Assert.Equal("one", await fake.RunForTextAsync("delta on", "say one"));
        Assert.Equal("two", await fake.RunForTextAsync(Foreign, "say two"));
        Assert.Equal("nameless", await fake.RunForTextAsync(Nameless));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Run_VersionThatNamesNone_CanBeInterrupted()
    {
        await using var fake = await FakeProcess.StartAsync("old");
        var bounds = FakeProcess.Bounds with { Idle = TimeSpan.FromMilliseconds(300) };

        var problem = Assert.IsType<TurnOutcome.Failed>(await fake.RunAsync(bounds, "print {}")).Problem;

        Assert.Equal(ProblemCodes.TurnTimedOut, problem.Code);
        Assert.Equal("alive", await fake.RunForTextAsync("say alive"));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Run_CapabilityAtTheHeadOfATurn_IsEnoughToKnow()
    {
        await using var fake = await FakeProcess.StartAsync("old");
        var bounds = FakeProcess.Bounds with { Idle = TimeSpan.FromSeconds(1) };

        var outcome = await fake.RunAsync(
            bounds,
            """print {"type":"system","subtype":"init","capabilities":["msg_lifecycle_v1"]}""",
            Nameless);

        Assert.IsNotType<TurnOutcome.Completed>(outcome);
    }
}
