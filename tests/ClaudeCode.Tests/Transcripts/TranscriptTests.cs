using FunctionsBroker.ClaudeCode.Transcripts;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.ClaudeCode.Tests.Transcripts;

public sealed class TranscriptTests : IDisposable
{
    private static readonly Guid s_id = Guid.Parse("aaaaaaaa-0000-8000-8000-000000000001");
    private readonly TempDirectory _folder = new();

    [Fact]
    public async Task FindAnswer_AnsweredPrompt_IsTheLastMessagesTextWithItsBlocksJoined()
    {
        var answer = await FindAsync(
            User("earlier", Guid.NewGuid()),
            Assistant("m0", "old", "end_turn"),
            User("question", s_id),
            Assistant("m1", "thinking aloud", "tool_use"),
            ToolResult(),
            Assistant("m2", "the ", "end_turn"),
            Assistant("m2", "answer", "end_turn"),
            """{"type":"last-prompt","lastPrompt":"question"}""",
            User("next", Guid.NewGuid()),
            Assistant("m3", "another", "end_turn"));

        Assert.Equal("the answer", answer?.Text);
        Assert.Equal(7, answer?.Usage.OutputTokens);
    }

    [Fact]
    public async Task FindAnswer_CutOffInATool_IsNone()
    {
        Assert.Null(await FindAsync(User("question", s_id), Assistant("m1", "", "tool_use")));
        Assert.Null(await FindAsync(User("question", s_id), Assistant("m1", "", "tool_use"), ToolResult()));
    }

    [Fact]
    public async Task FindAnswer_Interrupted_IsNone()
    {
        Assert.Null(await FindAsync(
            User("question", s_id),
            """{"type":"user","uuid":"x","message":{"role":"user","content":[{"type":"text","text":"[Request interrupted by user]"}]}}""",
            User("next", Guid.NewGuid()),
            Assistant("m3", "of the next", "end_turn")));
    }

    [Fact]
    public async Task FindAnswer_ErrorOrFillerOfTheCli_IsNone()
    {
        Assert.Null(await FindAsync(
            User("question", s_id),
            """{"type":"assistant","isApiErrorMessage":true,"message":{"id":"m","model":"<synthetic>","stop_reason":"stop_sequence","content":[{"type":"text","text":"API Error: 529"}]}}"""));
        Assert.Null(await FindAsync(
            User("question", s_id),
            """{"type":"assistant","isApiErrorMessage":false,"message":{"id":"m","model":"<synthetic>","stop_reason":"stop_sequence","content":[{"type":"text","text":"No response requested."}]}}"""));
    }

    [Fact]
    public async Task FindAnswer_PromptSentTwice_IsThatOfTheLast()
    {
        Assert.Equal("second", (await FindAsync(
            User("question", s_id),
            """{"type":"assistant","message":{"id":"m","model":"<synthetic>","stop_reason":"stop_sequence","content":[]}}""",
            User("question", s_id),
            Assistant("m2", "second", "end_turn")))?.Text);
    }

    [Fact]
    public async Task FindAnswer_MentionOfTheIdElsewhereAndTornLastLine_AreNotTakenForIt()
    {
        Assert.Null(await FindAsync(
            $$$"""{"type":"api-request","of":"{{{s_id}}}","message":{"role":"user","content":"x"}}""",
            Assistant("m", "foreign", "end_turn"),
            $$"""{"type":"user","uuid":"{{s_id}}","mess"""));
    }

    [Fact]
    public async Task FindAnswer_NoFile_IsNone()
    {
        var transcript = new Transcript(_folder.Combine("nowhere.jsonl"));

        Assert.False(transcript.Exists);
        Assert.Equal(0, transcript.Length);
        Assert.Null(await transcript.FindAnswerAsync(s_id, TestContext.Current.CancellationToken));
    }

    public void Dispose() => _folder.Dispose();

    private async Task<TranscriptAnswer?> FindAsync(params string[] lines)
    {
        var transcript = new Transcript(_folder.Combine("t.jsonl"));
        await File.WriteAllLinesAsync(transcript.Path, lines, TestContext.Current.CancellationToken);
        return await transcript.FindAnswerAsync(s_id, TestContext.Current.CancellationToken);
    }

    private static string User(string text, Guid id) =>
        $$$"""{"parentUuid":null,"isSidechain":false,"type":"user","message":{"role":"user","content":"{{{text}}}"},"uuid":"{{{id}}}"}""";

    private static string ToolResult() =>
        """{"type":"user","message":{"role":"user","content":[{"tool_use_id":"t","type":"tool_result","content":"hi"}]},"uuid":"y"}""";

    private static string Assistant(string id, string text, string stop) =>
        $$$"""{"isSidechain":false,"message":{"id":"{{{id}}}","role":"assistant","model":"some-model","content":[{"type":"text","text":"{{{text}}}"}],"stop_reason":"{{{stop}}}","usage":{"input_tokens":1,"output_tokens":7}},"type":"assistant","uuid":"z"}""";
}
