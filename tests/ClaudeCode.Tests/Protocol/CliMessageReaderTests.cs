using System.Text;
using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.ClaudeCode.Protocol;
using FunctionsBroker.ClaudeCode.Turns;

namespace FunctionsBroker.ClaudeCode.Tests.Protocol;

public sealed class CliMessageReaderTests
{
    [Fact]
    public void Read_Result_TakesWhatDecidesATurnWhateverTheOrderOfKeys()
    {
        var result = Assert.IsType<CliMessage.Result>(Read(
            """{"duration_api_ms":84,"total_cost_usd":0.00088,"usage":{"input_tokens":10,"output_tokens":20,"cache_read_input_tokens":30,"cache_creation_input_tokens":40},"terminal_reason":"completed","is_error":false,"subtype":"success","api_error_status":null,"result":"hi","type":"result","user_message_uuids":["a"],"model_usage_since_last_result":{"m":{"costUSD":0.0003},"n":{"costUSD":0.0001}}}"""));

        Assert.False(result.IsError);
        Assert.Equal("completed", result.TerminalReason);
        Assert.Null(result.ApiErrorStatus);
        Assert.Equal("hi", result.Text);
        Assert.Equal(["a"], result.MessageIds);
        Assert.Equal((10, 20, 30, 40), (result.Usage.InputTokens, result.Usage.OutputTokens, result.Usage.CacheReadTokens, result.Usage.CacheWriteTokens));
        Assert.Equal(0.0004m, result.TurnCostUsd);
        Assert.Equal(0.00088m, result.TotalCostUsd);
        Assert.Equal(84, result.TotalApiMs);
    }

    [Fact]
    public void Read_ResultOfAnInterrupt_HasErrorsAndNoText()
    {
        var result = Assert.IsType<CliMessage.Result>(Read(
            """{"type":"result","subtype":"error_during_execution","is_error":true,"terminal_reason":"aborted_streaming","errors":["why"]}"""));

        Assert.True(result.IsError);
        Assert.Null(result.Text);
        Assert.Equal(["why"], result.Errors);
        Assert.Null(result.TurnCostUsd);
    }

    [Fact]
    public void Read_TextDelta_OfTheMainConversationOnly()
    {
        const string Event = """{"type":"stream_event","event":{"type":"content_block_delta","index":2,"delta":{"type":"text_delta","text":"a"}},"api_message_id":"m1","parent_tool_use_id":PARENT}""";

        Assert.Equal(new CliMessage.TextDelta("a", "m1", 2), Read(Event.Replace("PARENT", "null", StringComparison.Ordinal)));
        Assert.IsType<CliMessage.Unknown>(Read(Event.Replace("PARENT", "\"toolu_1\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void Read_Abandoned_NamesTheMessageAndTheFirstBlock()
    {
        Assert.Equal(
            new CliMessage.Abandoned("m1", 1),
            Read("""{"type":"stream_event","event":{"type":"message_stop"},"api_message_id":"m1","abandoned_blocks":{"api_message_id":"m1","from_block_index":1}}"""));
        Assert.IsType<CliMessage.Unknown>(Read("""{"type":"stream_event","event":{"type":"message_stop"},"api_message_id":"m1"}"""));
    }

    [Fact]
    public void Read_Assistant_JoinsItsTextAndNamesItsError()
    {
        var answer = Assert.IsType<CliMessage.Assistant>(Read(
            """{"type":"assistant","message":{"content":[{"type":"text","text":"a"},{"type":"thinking"},{"type":"text","text":"b"}]},"parent_tool_use_id":null}"""));
        var failure = Assert.IsType<CliMessage.Assistant>(Read(
            """{"type":"assistant","error":"rate_limit","message":{"model":"<synthetic>","content":[{"type":"text","text":"API Error"}]}}"""));

        Assert.Equal("ab", answer.Text);
        Assert.Null(answer.ErrorKind);
        Assert.Empty(answer.Tools);
        Assert.Equal("rate_limit", failure.ErrorKind);
    }

    [Fact]
    public void Read_ToolCallAndResult_OfTheMainConversationOnly()
    {
        const string Call = """{"type":"assistant","message":{"content":[{"type":"tool_use","id":"t1","name":"Bash","input":{"command":"ls"}}]},"parent_tool_use_id":PARENT}""";
        const string Result = """{"type":"user","message":{"role":"user","content":[{"tool_use_id":"t1","type":"tool_result","content":"no","is_error":true}]},"parent_tool_use_id":PARENT}""";

        var call = Assert.IsType<CliMessage.Assistant>(Read(Call.Replace("PARENT", "null", StringComparison.Ordinal)));
        var result = Assert.IsType<CliMessage.ToolResults>(Read(Result.Replace("PARENT", "null", StringComparison.Ordinal)));

        Assert.Null(call.Text);
        Assert.Equal([new TurnProgress.ToolStarted("t1", "Bash", """{"command":"ls"}""")], call.Tools);
        Assert.Equal([new TurnProgress.ToolEnded("t1", true, "no")], result.Tools);
        Assert.IsType<CliMessage.Unknown>(Read(Call.Replace("PARENT", "\"t0\"", StringComparison.Ordinal)));
        Assert.IsType<CliMessage.Unknown>(Read(Result.Replace("PARENT", "\"t0\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void Read_LongToolInputAndOutput_AreCutBetweenCharacters()
    {
        var whales = string.Concat(Enumerable.Repeat("🐳", 3000));

        var call = Assert.IsType<CliMessage.Assistant>(Read(
            """{"type":"assistant","message":{"content":[{"type":"tool_use","id":"t","name":"n","input":{"a":"WHALES"}}]}}""".Replace("WHALES", whales, StringComparison.Ordinal)));
        var text = Assert.IsType<CliMessage.ToolResults>(Read(
            """{"type":"user","message":{"content":[{"type":"tool_result","content":"xWHALES"}]}}""".Replace("WHALES", whales, StringComparison.Ordinal)));
        var blocks = Assert.IsType<CliMessage.ToolResults>(Read(
            """{"type":"user","message":{"content":[{"type":"tool_result","content":[{"type":"image"},{"type":"text","text":"WHALES"}]}]}}""".Replace("WHALES", whales, StringComparison.Ordinal)));

        foreach (var detail in new[]
        {
            Assert.IsType<TurnProgress.ToolStarted>(call.Tools[0]).Input,
            Assert.IsType<TurnProgress.ToolEnded>(text.Tools[0]).Output,
            Assert.IsType<TurnProgress.ToolEnded>(blocks.Tools[0]).Output,
        })
        {
            Assert.InRange(detail.Length, 1000, TurnProgress.MaxDetailLength);
            Assert.EndsWith("🐳", detail, StringComparison.Ordinal);
            Assert.DoesNotContain('\uFFFD', detail);
        }
    }

    [Fact]
    public void Read_OtherKinds_AreToldApart()
    {
        Assert.Equal(
            new CliMessage.Init("2.1.329", "some-model"),
            Read("""{"type":"system","subtype":"init","claude_code_version":"2.1.329","model":"some-model"}"""));
        Assert.Equal(
            new CliMessage.ApiRetry(1, TimeSpan.FromMilliseconds(596), 529, "overloaded"),
            Read("""{"type":"system","subtype":"api_retry","attempt":1,"retry_delay_ms":596,"error_status":529,"error":"overloaded"}"""));
        Assert.Equal(
            new CliMessage.Lifecycle("id", LifecycleState.Started),
            Read("""{"type":"command_lifecycle","command_uuid":"id","state":"started"}"""));
        Assert.Equal(
            new CliMessage.UserReplay("id"),
            Read("""{"type":"user","uuid":"id","isReplay":true}"""));
        Assert.Equal(
            new CliMessage.ControlResponse("r1", null),
            Read("""{"type":"control_response","response":{"subtype":"success","request_id":"r1","response":{}}}"""));
        Assert.Equal(
            new CliMessage.ControlResponse("r1", "no"),
            Read("""{"type":"control_response","response":{"subtype":"error","request_id":"r1","error":"no"}}"""));
        Assert.Equal(
            new CliMessage.ControlRequest("r2", "can_use_tool"),
            Read("""{"type":"control_request","request_id":"r2","request":{"subtype":"can_use_tool"}}"""));
    }

    [Theory]
    [InlineData("""{"type":"rate_limit_event","x":1}""")]
    [InlineData("""{"type":"system","subtype":"status"}""")]
    [InlineData("""{"type":"user","message":{}}""")]
    [InlineData("""{}""")]
    [InlineData("""[1]""")]
    [InlineData("""42""")]
    public void Read_UnknownJson_IsKept(string line)
    {
        Assert.Equal(line, Encoding.UTF8.GetString(Assert.IsType<CliMessage.Unknown>(Read(line)).Raw.Span));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Warning: something")]
    [InlineData("""{"type":"result","is_error":false""")]
    [InlineData("""{"type":"command_lifecycle"}""")]
    public void Read_NoMessage_IsInvalidAndKept(string line)
    {
        Assert.Equal(line, Encoding.UTF8.GetString(Assert.IsType<CliMessage.Invalid>(Read(line)).Raw.Span));
    }

    [Fact]
    public void Read_JsonBomb_IsInvalid()
    {
        Assert.IsType<CliMessage.Invalid>(Read(new string('[', 100_000)));
        Assert.IsType<CliMessage.Invalid>(Read("[" + string.Join(',', Enumerable.Repeat("[]", 600_000)) + "]"));
    }

    [Fact]
    public void Read_TextThatIsNotUtf8OrHalfACharacter_IsReadWithReplacements()
    {
        var unknown = Assert.IsType<CliMessage.Unknown>(CliMessageReader.Read(new CliLine(
            (byte[])[.. "{\"type\":\""u8, 0xFF, (byte)'a', .. "\"}"u8],
            0)));
        var result = Assert.IsType<CliMessage.Result>(Read(
            """{"type":"result","result":"a\ud83d\"\\\/\b\f\n\r\t\ud83d\udc33\udc33\u0041","errors":["\udc33"]}"""));

        Assert.Equal("\uFFFDa", unknown.Type);
        Assert.Equal("a\uFFFD\"\\/\b\f\n\r\t🐳\uFFFDA", result.Text);
        Assert.Equal(["\uFFFD"], result.Errors);
    }

    [Fact]
    public void Read_QuestionWhoseInputNobodyCanBeShown_IsNoQuestion()
    {
        const string Question = """{"type":"control_request","request_id":"r","request":{"subtype":"can_use_tool","tool_name":"t","input":{"a":"VALUE"}}}""";

        Assert.NotNull(Assert.IsType<CliMessage.ControlRequest>(Read(Question)).Question);
        Assert.Null(Assert.IsType<CliMessage.ControlRequest>(Read(Question.Replace("VALUE", "\\ud83d", StringComparison.Ordinal))).Question);
    }

    [Fact]
    public void Read_CutLine_IsInvalidThoughItsBeginningMayBeJson()
    {
        Assert.Equal(7, Assert.IsType<CliMessage.Invalid>(CliMessageReader.Read(new CliLine("{}"u8.ToArray(), 7))).Dropped);
    }

    private static CliMessage Read(string line) => CliMessageReader.Read(new CliLine(Encoding.UTF8.GetBytes(line), 0));
}
