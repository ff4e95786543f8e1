using System.Text;
using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.ClaudeCode.Protocol;
using FunctionsBroker.ClaudeCode.Transcripts;

namespace FunctionsBroker.ClaudeCode.Tests.Transcripts;

/// <summary>Where a transcript may be cut off before a prompt is sent again.</summary>
public sealed class UnansweredTailTests
{
    private const string Earlier = """{"type":"user","uuid":"other","message":{"role":"user","content":"before"}}""";
    private const string Prompt = """{"type":"user","uuid":"mine","message":{"role":"user","content":"question"}}""";
    private const string Attachment = """{"type":"attachment","attachment":{"type":"date"}}""";
    private const string Answer = """{"type":"assistant","message":{"id":"m","model":"some-model","content":[{"type":"text","text":"x"}],"stop_reason":"end_turn"}}""";
    private const string ApiError = """{"type":"assistant","isApiErrorMessage":true,"message":{"id":"m","model":"<synthetic>","content":[],"stop_reason":"stop_sequence"}}""";
    private const string ToolCall = """{"type":"assistant","message":{"id":"m","model":"some-model","content":[{"type":"tool_use","id":"t","name":"Bash","input":{}}],"stop_reason":"tool_use"}}""";
    private const string ToolResult = """{"type":"user","message":{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"done"}]}}""";
    private const string Interruption = """{"type":"user","message":{"role":"user","content":[{"type":"text","text":"[Request interrupted by user]"}]}}""";
    private const string GoOn = """{"type":"user","isMeta":true,"message":{"role":"user","content":"Output token limit hit."}}""";

    [Fact]
    public void Start_TriesThatFailed_IsWhereTheFirstOfThemBegins()
    {
        Assert.Equal(2, StartOf(Earlier, Answer, Prompt));
        Assert.Equal(2, StartOf(Earlier, Answer, Prompt, Attachment, ApiError));
        Assert.Equal(2, StartOf(Earlier, Answer, Prompt, Interruption, Prompt, ApiError, Attachment));
        Assert.Equal(0, StartOf(Prompt, GoOn, ApiError));
    }

    [Fact]
    public void Start_AnswerOrTool_IsNone()
    {
        Assert.Null(StartOf(Earlier, Answer));
        Assert.Null(StartOf(Prompt, ApiError, Prompt, Answer));
        Assert.Null(StartOf(Prompt, ToolCall, ToolResult, ApiError));
        Assert.Null(StartOf(Prompt, ToolCall));
        Assert.Null(StartOf(Prompt, ToolResult));
    }

    [Fact]
    public void Start_TryAfterOneWithTools_IsWhereThatBegins() =>
        Assert.Equal(3, StartOf(Prompt, ToolCall, ApiError, Prompt, ApiError));

    [Fact]
    public void Start_SomethingThatSomebodyElseHasSaid_IsNone()
    {
        Assert.Null(StartOf(Prompt, ApiError, Earlier));
        Assert.Equal(3, StartOf(Prompt, ApiError, Earlier, Prompt));
    }

    [Fact]
    public void Failed_ErrorThatTheCliToldOf_IsOfTheLastTry()
    {
        Assert.True(TailOf(Prompt, ApiError).Failed);
        Assert.False(TailOf(Prompt, ApiError, Prompt).Failed);
    }

    /// <returns>The index of the line.</returns>
    private static int? StartOf(params string[] lines) =>
        TailOf(lines).Start is { } start ? Array.FindIndex(Ends(lines), end => end > start) : null;

    private static UnansweredTail TailOf(params string[] lines)
    {
        var tail = new UnansweredTail((line, _) => line.Text("uuid") == "mine");
        foreach (var (line, end) in lines.Zip(Ends(lines)))
        {
            tail.Accept(new CliLine(Encoding.UTF8.GetBytes(line), 0, true), end);
        }

        return tail;
    }

    private static long[] Ends(string[] lines)
    {
        long end = 0;
        return [.. lines.Select(line => end += Encoding.UTF8.GetByteCount(line) + 1)];
    }
}
