using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.ClaudeCode.Transcripts;
using FunctionsBroker.ClaudeCode.Turns;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.ClaudeCode.Tests.StreamJson;

/// <summary>Which ids a prompt is sent under, by what the transcript has of it.</summary>
public sealed class TurnDeliveryTests : IDisposable
{
    private static readonly TurnPrompt s_prompt = new(SessionId.Parse("a"), TurnId.Parse("t"), "question");
    private static readonly TurnOutcome s_answered = new TurnOutcome.Completed(new ClaudeAnswer("sent", new TokenUsage(), 0, null));

    private readonly TempDirectory _folder = new();
    private readonly List<Guid> _sent = [];

    [Fact]
    public async Task Run_NewPrompt_IsSentUnderItsFirstId()
    {
        var delivery = await RunAsync(ReplayRule.Never, [], s_answered);

        Assert.Same(s_answered, delivery.Outcome);
        Assert.Null(delivery.Notice);
        Assert.Equal([Id(0)], _sent);
    }

    [Fact]
    public async Task Run_PromptThatWasAnswered_IsNotSent()
    {
        var delivery = await RunAsync(ReplayRule.Never, [User(0), Answer("found")]);

        Assert.Equal("found", Assert.IsType<TurnOutcome.Completed>(delivery.Outcome).Answer.Text);
        Assert.Equal(TurnDelivery.RecoveredNotice, delivery.Notice);
        Assert.Empty(_sent);
    }

    [Theory]
    [InlineData(ReplayRule.Always, false, TurnDelivery.ReplayedNotice)]
    [InlineData(ReplayRule.Always, true, TurnDelivery.ToolsReplayedNotice)]
    [InlineData(ReplayRule.WhenSafe, false, TurnDelivery.ReplayedNotice)]
    [InlineData(ReplayRule.WhenSafe, true, null)]
    [InlineData(ReplayRule.Never, false, null)]
    [InlineData(ReplayRule.Never, true, null)]
    public async Task Run_PromptThatWasCutOff_IsSentUnderTheSameIdIfTheRuleAllowsIt(ReplayRule rule, bool toolsUsed, string? notice)
    {
        var delivery = await RunAsync(rule, toolsUsed ? [User(0), ToolCall] : [User(0)], s_answered);

        Assert.Equal(notice, delivery.Notice);
        Assert.Equal(notice is null ? [] : [Id(0)], _sent);
        Assert.Equal(notice is null ? ProblemCodes.TurnNotReplayed : null, (delivery.Outcome as TurnOutcome.Failed)?.Problem.Code);
    }

    [Fact]
    public async Task Run_PromptWhoseFailureIsKnown_IsSentAgainWhateverTheRule()
    {
        var delivery = await RunAsync(ReplayRule.Never, [User(0), ApiError, User(1), ApiError], s_answered);

        Assert.Same(s_answered, delivery.Outcome);
        Assert.Equal(TurnDelivery.ReplayedNotice, delivery.Notice);
        Assert.Equal([Id(2)], _sent);
        Assert.Equal(2, delivery.NextGeneration);
    }

    [Fact]
    public async Task Run_AnswerOfALaterId_IsFound()
    {
        var delivery = await RunAsync(ReplayRule.WhenSafe, [User(0), ApiError, User(1), Answer("found")]);

        Assert.Equal("found", Assert.IsType<TurnOutcome.Completed>(delivery.Outcome).Answer.Text);
        Assert.Empty(_sent);
    }

    [Fact]
    public async Task Run_Failure_UsesTheIdUpAndALostProcessDoesNot()
    {
        var failed = await RunAsync(ReplayRule.WhenSafe, [], new TurnOutcome.Failed(ProblemCatalogue.ModelError("x")));
        var next = await RunAsync(ReplayRule.WhenSafe, [], failed.NextGeneration, s_answered);

        Assert.Equal(1, failed.NextGeneration);
        Assert.Equal([Id(0), Id(1)], _sent);
        Assert.Null(next.Notice);
    }

    [Fact]
    public async Task Run_IdsThatAreAllUsedUp_EndsInAFailure()
    {
        var outcomes = Enumerable.Repeat<TurnOutcome>(new TurnOutcome.Repeated(), MessageIds.Generations).ToArray();

        var delivery = await RunAsync(ReplayRule.Always, [], outcomes);

        Assert.Equal(ProblemCodes.ModelError, Assert.IsType<TurnOutcome.Failed>(delivery.Outcome).Problem.Code);
        Assert.Equal(MessageIds.Generations, _sent.Count);
    }

    public void Dispose() => _folder.Dispose();

    private Task<Delivery> RunAsync(ReplayRule rule, string[] lines, params TurnOutcome[] outcomes) => RunAsync(rule, lines, 0, outcomes);

    private async Task<Delivery> RunAsync(ReplayRule rule, string[] lines, int firstGeneration, params TurnOutcome[] outcomes)
    {
        var transcript = new Transcript(_folder.Combine("t.jsonl"));
        await File.WriteAllLinesAsync(transcript.Path, lines, TestContext.Current.CancellationToken);
        var next = 0;
        return await new TurnDelivery(transcript, 0, s_prompt, rule).RunAsync(
            messageId =>
            {
                _sent.Add(messageId);
                return Task.FromResult(outcomes[next++]);
            },
            firstGeneration,
            mayBeKnown: true);
    }

    private static Guid Id(int generation) => MessageIds.For(s_prompt.SessionId, s_prompt.TurnId, generation);

    private static string User(int generation) =>
        $$$"""{"type":"user","uuid":"{{{Id(generation)}}}","message":{"role":"user","content":"question"}}""";

    private static string Answer(string text) =>
        $$$"""{"type":"assistant","message":{"id":"m","model":"some-model","content":[{"type":"text","text":"{{{text}}}"}],"stop_reason":"end_turn"}}""";

    private const string ToolCall =
        """{"type":"assistant","message":{"id":"m","model":"some-model","content":[{"type":"tool_use","id":"t","name":"Bash","input":{}}],"stop_reason":"tool_use"}}""";

    private const string ApiError =
        """{"type":"assistant","isApiErrorMessage":true,"message":{"id":"m","model":"<synthetic>","content":[],"stop_reason":"stop_sequence"}}""";
}
