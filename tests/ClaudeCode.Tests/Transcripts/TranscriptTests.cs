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
        Assert.Equal(new TurnTrace(false, false, false, null), await transcript.TraceAsync(s_id, 0, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Trace_CallOfATool_IsSeenWhateverCameOfIt()
    {
        Assert.Equal((true, true, false), await TraceAsync(0, User("question", s_id), ToolCall("tool_use")));
        Assert.Equal((true, true, false), await TraceAsync(0, User("question", s_id), ToolCall("server_tool_use"), Assistant("m", "done", "end_turn")));
        Assert.Equal((true, false, false), await TraceAsync(0, User("question", s_id)));
        Assert.Equal((false, false, false), await TraceAsync(0, User("other", Guid.NewGuid()), ToolCall("tool_use")));
    }

    [Fact]
    public async Task Trace_ErrorThatTheCliToldOf_IsAFailureAndAFillerIsNone()
    {
        const string Error = """{"type":"assistant","isApiErrorMessage":true,"message":{"id":"m","model":"<synthetic>","content":[]}}""";
        const string Filler = """{"type":"assistant","message":{"id":"m","model":"<synthetic>","content":[]}}""";

        Assert.Equal((true, false, true), await TraceAsync(0, User("question", s_id), Error));
        Assert.Equal((true, false, false), await TraceAsync(0, User("question", s_id), Filler));
    }

    [Fact]
    public async Task Trace_FromAPlaceAfterTheLine_DoesNotSeeItUnlessTheFileHasBecomeShorter()
    {
        var line = User("question", s_id);

        Assert.False((await TraceAsync(line.Length, line, User("other", Guid.NewGuid()))).Seen);
        Assert.True((await TraceAsync(100_000, line)).Seen);
    }

    [Fact]
    public async Task ReadTexts_Conversation_IsWhatTheUserAndTheModelHaveSaid()
    {
        var texts = await ReadTextsAsync(
            User("one", Guid.NewGuid()),
            Assistant("m1", "[1] one", "end_turn"),
            """{"type":"user","isMeta":true,"message":{"role":"user","content":"<local-command-caveat>"}}""",
            """{"type":"user","isSidechain":true,"message":{"role":"user","content":"to a subagent"}}""",
            User("two", Guid.NewGuid()),
            ToolCall("tool_use"),
            ToolResult(),
            Assistant("m2", "[2] two", "end_turn"),
            """{"type":"user","message":{"role":"user","content":[{"type":"text","text":"[Request interrupted by user]"}]}}""",
            """{"type":"assistant","message":{"model":"<synthetic>","content":[{"type":"text","text":"No response requested."}]}}""",
            User("three", s_id),
            Assistant("m3", "half an answer to three", "end_turn"));

        Assert.Equal(["user: one", "model: [1] one", "user: two", "model: [2] two"], texts);
    }

    [Fact]
    public async Task ReadTexts_AfterACompaction_BeginsWithItsSummary()
    {
        var texts = await ReadTextsAsync(
            User("one", Guid.NewGuid()),
            Assistant("m1", "[1] one", "end_turn"),
            """{"type":"system","subtype":"compact_boundary"}""",
            User("This session is being continued", Guid.NewGuid()));

        Assert.Equal(["user: This session is being continued"], texts);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<(bool Seen, bool ToolsUsed, bool Failed)> TraceAsync(long from, params string[] lines)
    {
        var trace = await (await WriteAsync(lines)).TraceAsync(s_id, from, TestContext.Current.CancellationToken);
        return (trace.Seen, trace.ToolsUsed, trace.Failed);
    }

    private async Task<IEnumerable<string>> ReadTextsAsync(params string[] lines) =>
        (await (await WriteAsync(lines)).ReadTextsAsync(new HashSet<Guid> { s_id }, TestContext.Current.CancellationToken))
            .Select(text => (text.FromUser ? "user: " : "model: ") + text.Text);

    private async Task<Transcript> WriteAsync(string[] lines)
    {
        var transcript = new Transcript(_folder.Combine("t.jsonl"));
        await File.WriteAllLinesAsync(transcript.Path, lines, TestContext.Current.CancellationToken);
        return transcript;
    }

    private async Task<TranscriptAnswer?> FindAsync(params string[] lines)
    {
        return (await (await WriteAsync(lines)).TraceAsync(s_id, 0, TestContext.Current.CancellationToken)).Answer;
    }

    private static string User(string text, Guid id) =>
        $$$"""{"parentUuid":null,"isSidechain":false,"type":"user","message":{"role":"user","content":"{{{text}}}"},"uuid":"{{{id}}}"}""";

    private static string ToolCall(string type) =>
        $$$"""{"type":"assistant","message":{"id":"m","role":"assistant","model":"some-model","content":[{"type":"{{{type}}}","id":"t","name":"Bash","input":{}}],"stop_reason":"tool_use"}}""";

    private static string ToolResult() =>
        """{"type":"user","message":{"role":"user","content":[{"tool_use_id":"t","type":"tool_result","content":"hi"}]},"uuid":"y"}""";

    private static string Assistant(string id, string text, string stop) =>
        $$$"""{"isSidechain":false,"message":{"id":"{{{id}}}","role":"assistant","model":"some-model","content":[{"type":"text","text":"{{{text}}}"}],"stop_reason":"{{{stop}}}","usage":{"input_tokens":1,"output_tokens":7}},"type":"assistant","uuid":"z"}""";
}
