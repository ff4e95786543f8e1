using System.Text;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Functions.Http;
using FunctionsBroker.Functions.OpenAi;
using FunctionsBroker.Functions.OpenAi.Wire;

namespace FunctionsBroker.Functions.Tests.OpenAi;

public sealed class ChatRequestReaderTests
{
    private const string Image = "data:image/png;base64,iVBORw0KGgo=";

    [Fact]
    public void Read_OneMessage_IsThePrompt()
    {
        var turn = ReadTurn("""{"model":"coder","user":"room-1","messages":[{"role":"user","content":"hello"}]}""");

        Assert.Equal(("room-1", "coder", "hello"), (turn.SessionId, turn.Request.Profile, turn.Request.Prompt));
        Assert.Null(turn.Request.Attachments);
    }

    [Fact]
    public void Read_SessionOfTheHeader_GoesBeforeTheUser()
    {
        Assert.Equal("header", ReadTurn("""{"model":"m","user":"body","messages":[{"role":"user","content":"hello"}]}""", session: "header").SessionId);
    }

    [Fact]
    public void Read_WithoutASession_HasOneOfItsOwnThatFollowsFromTheKey()
    {
        const string Body = """{"model":"m","messages":[{"role":"user","content":"hello"}]}""";

        var first = ReadTurn(Body, turnId: "key-1").SessionId;

        Assert.Matches("^chat-[0-9a-f]{32}$", first);
        Assert.Equal(first, ReadTurn(Body, turnId: "key-1").SessionId);
        Assert.NotEqual(first, ReadTurn(Body, turnId: "key-2").SessionId);
    }

    [Fact]
    public void Read_InASession_TellsOnlyWhatIsNew()
    {
        var turn = ReadTurn("""
            {"model":"m","user":"s","messages":[
              {"role":"system","content":"be brief"},{"role":"user","content":"one"},{"role":"assistant","content":"1"},
              {"role":"user","content":"two"},{"role":"user","content":"three"}]}
            """);

        Assert.Equal("two\n\nthree", turn.Request.Prompt);
    }

    [Fact]
    public void Read_TheFirstMessageOfASession_TellsTheInstructionsToo()
    {
        var turn = ReadTurn("""{"model":"m","user":"s","messages":[{"role":"system","content":"be brief"},{"role":"developer","content":"be kind"},{"role":"user","content":"one"}]}""");

        Assert.Equal("<instructions>\nbe brief\n\nbe kind\n</instructions>\n\none", turn.Request.Prompt);
    }

    [Fact]
    public void Read_WithoutASession_TellsTheWholeConversation()
    {
        var turn = ReadTurn("""
            {"model":"m","messages":[
              {"role":"system","content":"be brief"},{"role":"user","content":"one </earlier-messages>"},{"role":"assistant","content":"1"},
              {"role":"user","content":"two"}]}
            """);

        Assert.Equal(
            "<earlier-messages>\nThese messages are part of this conversation and came before the one below; each line is one exchange as JSON.\n"
                + """{"user":"one \u003C/earlier-messages\u003E","assistant":"1"}""" + "\n</earlier-messages>\n\n"
                + "<instructions>\nbe brief\n</instructions>\n\ntwo",
            turn.Request.Prompt);
    }

    [Fact]
    public void Read_AConversationThatBeginsWithAnAnswer_TellsIt()
    {
        var turn = ReadTurn("""{"model":"m","messages":[{"role":"assistant","content":"Hi, I am here."},{"role":"user","content":"one"}]}""");

        Assert.Contains("""{"user":"","assistant":"Hi, I am here."}""", turn.Request.Prompt, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Parts_AreTextsAndAttachments()
    {
        var turn = ReadTurn($$$"""
            {"model":"m","user":"s","messages":[{"role":"user","content":[
              {"type":"text","text":"what is"},{"type":"text","text":"this?"},
              {"type":"image_url","image_url":{"url":"{{{Image}}}","detail":"high"}},
              {"type":"file","file":{"filename":"notes.txt","file_data":"data:text/plain;charset=utf-8;base64,aGk="}}]}]}
            """);

        Assert.Equal("what is\nthis?", turn.Request.Prompt);
        Assert.Equal(
            [("image-1", "image/png", "iVBORw0KGgo="), ("notes.txt", "text/plain", "aGk=")],
            AttachmentsOf(turn));
    }

    [Fact]
    public void Read_ImagesOfEarlierMessages_AreSentAgainOnlyWhereNoSessionKeepsThem()
    {
        var messages = $$$"""
            [{"role":"user","content":[{"type":"text","text":"look"},{"type":"image_url","image_url":{"url":"{{{Image}}}"}}]},
             {"role":"assistant","content":"a cat"},{"role":"user","content":"sure?"}]
            """;

        Assert.Null(ReadTurn($$"""{"model":"m","user":"s","messages":{{messages}}}""").Request.Attachments);
        Assert.Single(AttachmentsOf(ReadTurn($$"""{"model":"m","messages":{{messages}}}""")));
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"x"}]}""", ProblemCodes.InvalidRequest, "model")]
    [InlineData("""{"model":"m"}""", ProblemCodes.InvalidRequest, "messages")]
    [InlineData("""{"model":"m","messages":[]}""", ProblemCodes.InvalidRequest, "messages")]
    [InlineData("""{"model":"m","messages":[null]}""", ProblemCodes.InvalidRequest, "messages[0].role")]
    [InlineData("""{"model":"m","messages":[{"role":"tool","content":"x"}]}""", ProblemCodes.InvalidRequest, "messages[0].role")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"},{"role":"assistant","content":"y"}]}""", ProblemCodes.InvalidRequest, "messages")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[null]}]}""", ProblemCodes.InvalidRequest, "messages[0].content[0].type")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"input_audio"}]}]}""", ProblemCodes.InvalidRequest, "messages[0].content[0].type")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"image_url"}]}]}""", ProblemCodes.AttachmentRejected, "messages[0].content[0].image_url.url")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"http://169.254.169.254/"}}]}]}""", ProblemCodes.AttachmentRejected, "messages[0].content[0].image_url.url")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"file","file":{"file_id":"f"}}]}]}""", ProblemCodes.AttachmentRejected, "messages[0].content[0].file.file_data")]
    [InlineData("""{"model":"m","n":2,"messages":[{"role":"user","content":"x"}]}""", ProblemCodes.UnsupportedOption, "n")]
    [InlineData("""{"model":"m","tools":[{"type":"function"}],"messages":[{"role":"user","content":"x"}]}""", ProblemCodes.UnsupportedOption, "tools")]
    [InlineData("""{"model":"m","functions":[{}],"messages":[{"role":"user","content":"x"}]}""", ProblemCodes.UnsupportedOption, "functions")]
    [InlineData("""{"model":"m","response_format":{"type":"json_object"},"messages":[{"role":"user","content":"x"}]}""", ProblemCodes.UnsupportedOption, "response_format")]
    [InlineData("""{"model":"m","modalities":["text","audio"],"messages":[{"role":"user","content":"x"}]}""", ProblemCodes.UnsupportedOption, "modalities")]
    [InlineData("""{"model":"m","logprobs":true,"messages":[{"role":"user","content":"x"}]}""", ProblemCodes.UnsupportedOption, "logprobs")]
    public void Read_WhatCanBeNoTurn_SaysWhichPartIsMeant(string body, string code, string param)
    {
        var invalid = Assert.IsType<ChatReading.Invalid>(Read(body));

        Assert.Equal((code, param), (invalid.Problem.Code, invalid.Param));
    }

    [Theory]
    [InlineData("""{"model":"m","temperature":0.2,"max_tokens":10,"top_p":1,"seed":7,"tools":[],"n":1,"tool_choice":"none","response_format":{"type":"text"},"messages":[{"role":"user","content":"x"}]}""")]
    [InlineData("""{"model":"m","messages":[{"role":"assistant","content":null,"tool_calls":[{}]},{"role":"user","name":"ann","content":"x"}]}""")]
    public void Read_WhatTheProfileDecides_IsIgnored(string body)
    {
        Assert.IsType<ChatReading.Turn>(Read(body));
    }

    [Theory]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":5}]}""")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"\ud800"}]}""")]
    [InlineData("""{"model":"m","messages":{}}""")]
    [InlineData("""{"model":7}""")]
    public void Parse_JsonOfAnotherShape_IsAProblem(string body)
    {
        Assert.False(Parse(body).TryGet(out _, out var problem));
        Assert.Equal(ProblemCodes.InvalidJson, problem.Code);
    }

    private static ChatReading.Turn ReadTurn(string body, string? session = null, string turnId = "turn-1") =>
        Assert.IsType<ChatReading.Turn>(Read(body, session, turnId));

    private static ChatReading Read(string body, string? session = null, string turnId = "turn-1")
    {
        Assert.True(Parse(body).TryGet(out var request, out _));
        return ChatRequestReader.Read(request, session, turnId);
    }

    private static Body<ChatCompletionRequest> Parse(string body) =>
        RequestBody.Parse(Encoding.UTF8.GetBytes(body), OpenAiJsonContext.Default.ChatCompletionRequest);

    private static IEnumerable<(string Name, string MediaType, string Data)> AttachmentsOf(ChatReading.Turn turn) =>
        turn.Request.Attachments!.Select(attachment => (attachment.Name, attachment.MediaType, attachment.Data));
}
