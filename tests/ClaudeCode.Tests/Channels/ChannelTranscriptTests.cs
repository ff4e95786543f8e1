using FunctionsBroker.ClaudeCode.Channels;
using FunctionsBroker.ClaudeCode.Tests.StreamJson;
using FunctionsBroker.ClaudeCode.Transcripts;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.ClaudeCode.Tests.Channels;

public sealed class ChannelTranscriptTests : IDisposable
{
    private const string Prompt = """{"type":"user","promptId":"p1","uuid":"u1","message":{"role":"user","content":"<channel source=\"broker\" turn_id=\"t1\">hello</channel>"}}""";
    private readonly TempDirectory _folder = new();
    private readonly RecordingObserver _observer = new();

    private string Path => _folder.Combine("t.jsonl");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Read_TurnWithATool_HasItsAnswerItsUsageAndWhatHappened()
    {
        var transcript = Follow();
        await WriteAsync(
            Assistant("m0", "of another turn", "end_turn"),
            Prompt,
            """{"type":"assistant","message":{"id":"m1","content":[{"type":"text","text":"I look."},{"type":"tool_use","id":"x","name":"Read","input":{}}],"stop_reason":"tool_use","usage":{"input_tokens":10,"output_tokens":2}}}""",
            """{"type":"user","promptId":"p1","message":{"content":[{"type":"tool_result","tool_use_id":"x","content":"data"}]}}""",
            Assistant("m2", "Here it is. ", "end_turn"));

        var trace = await transcript.ReadAsync(Cancellation);

        Assert.Equal(("p1", "Here it is. ", true, false), (trace.PromptId, trace.Answer, trace.ToolsUsed, trace.IsOver));
        Assert.Equal((15, 5), (trace.Usage.InputTokens, trace.Usage.OutputTokens));
        Assert.Equal("I look.Here it is. ", _observer.Text);
        await WriteAsync("""{"type":"system","subtype":"turn_duration","durationMs":5}""");
        Assert.True((await transcript.ReadAsync(Cancellation)).IsOver);
    }

    [Fact]
    public async Task Read_LineThatIsStillBeingWritten_CountsWhenItIsComplete()
    {
        var transcript = Follow();
        var line = Assistant("m1", "yes", "end_turn");
        await WriteAsync(Prompt);
        await File.AppendAllTextAsync(Path, line[..40], Cancellation);

        Assert.Null((await transcript.ReadAsync(Cancellation)).Answer);
        await File.AppendAllTextAsync(Path, line[40..] + "\n", Cancellation);
        Assert.Equal("yes", (await transcript.ReadAsync(Cancellation)).Answer);
    }

    [Fact]
    public async Task Read_NextTurnsPrompt_EndsThisTurnsLines()
    {
        var transcript = Follow();
        await WriteAsync(
            Prompt,
            Assistant("m1", "mine", "end_turn"),
            """{"type":"user","promptId":"p2","message":{"content":"<channel source=\"broker\" turn_id=\"t2\">next</channel>"}}""",
            Assistant("m2", "not mine", "end_turn"));

        Assert.Equal("mine", (await transcript.ReadAsync(Cancellation)).Answer);
    }

    [Fact]
    public async Task Read_PromptThatAHookHasNamed_IsThisTurnsWhateverItsText()
    {
        var transcript = Follow();
        transcript.Know("p9");
        await WriteAsync("""{"type":"user","promptId":"p9","message":{"content":"changed beyond recognition"}}""", Assistant("m1", "yes", "end_turn"));

        Assert.Equal(("p9", "yes"), ((await transcript.ReadAsync(Cancellation)) is var trace ? (trace.PromptId, trace.Answer) : default));
    }

    [Fact]
    public async Task Read_ErrorOfTheModelOrInterrupt_IsNoAnswer()
    {
        var failed = Follow();
        await WriteAsync(Prompt, """{"type":"assistant","isApiErrorMessage":true,"error":"rate_limit","message":{"id":"m1","model":"<synthetic>","content":[{"type":"text","text":"API Error"}],"stop_reason":"stop_sequence"}}""");
        var trace = await failed.ReadAsync(Cancellation);
        Assert.Equal((null, ("rate_limit", "API Error")), (trace.Answer, trace.Failure!.Value));

        var interrupted = Follow();
        await WriteAsync(Prompt, """{"type":"user","promptId":"p1","message":{"content":[{"type":"text","text":"[Request interrupted by user]"}]}}""");
        Assert.True((await interrupted.ReadAsync(Cancellation)).IsInterrupted);
    }

    [Fact]
    public async Task Read_DamagedLines_ArePassedOver()
    {
        var transcript = Follow();
        await WriteAsync("{", "null", "[]", "\"x\"", """{"type":5,"message":7}""", Prompt, "{\"type\":", Assistant("m1", "yes", "end_turn"));

        Assert.Equal("yes", (await transcript.ReadAsync(Cancellation)).Answer);
    }

    private static string Assistant(string id, string text, string stop) =>
        $$$"""{"type":"assistant","message":{"id":"{{{id}}}","content":[{"type":"text","text":"{{{text}}}"}],"stop_reason":"{{{stop}}}","usage":{"input_tokens":5,"output_tokens":3} } }""";

    private ChannelTranscript Follow() => new(TranscriptCursor.Snapshot(Path), ChannelMark.Pushed("t1"), _observer);

    private Task WriteAsync(params string[] lines) => File.AppendAllTextAsync(Path, string.Concat(lines.Select(line => line + "\n")), Cancellation);
}
