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
    public void Read_Request_HasItsParts()
    {
        var request = ReadRequest("""{"model":"coder","user":"ann","stop":["a","b"],"messages":[{"role":"user","content":"hello"}]}""");

        Assert.Equal(("coder", "ann"), (request.Model, request.User));
        Assert.Equal(["a", "b"], request.Stop.Texts);
        Assert.Null(request.Format);
        Assert.Equal([(ChatRole.User, "hello")], request.Conversation.Messages.Select(message => (message.Role, message.Text)));
    }

    [Theory]
    [InlineData("7", "7")]
    [InlineData("\"\"", null)]
    [InlineData("null", null)]
    [InlineData("{\"id\":1}", null)]
    public void Read_UserOfAnyShape_IsTakenOrIgnored(string user, string? expected)
    {
        Assert.Equal(expected, ReadRequest($$"""{"model":"m","user":{{user}},"messages":[{"role":"user","content":"x"}]}""").User);
    }

    [Fact]
    public void Read_OneStop_IsAListOfOne()
    {
        Assert.Equal(["END"], ReadRequest("""{"model":"m","stop":"END","messages":[{"role":"user","content":"x"}]}""").Stop.Texts);
    }

    [Fact]
    public void Read_Parts_AreTextsAndAttachments()
    {
        var message = Assert.Single(ReadRequest($$$"""
            {"model":"m","messages":[{"role":"user","content":[
              {"type":"text","text":"what is"},{"type":"text","text":"this?"},
              {"type":"image_url","image_url":{"url":"{{{Image}}}","detail":"high"}},
              {"type":"file","file":{"filename":"notes.txt","file_data":"data:text/plain;charset=utf-8;base64,aGk="}}]}]}
            """).Conversation.Messages);

        Assert.Equal("what is\nthis?", message.Text);
        Assert.Equal(
            [("image-1", "image/png", "iVBORw0KGgo="), ("notes.txt", "text/plain", "aGk=")],
            message.Attachments.Select(attachment => (attachment.Name, attachment.MediaType, attachment.Data)));
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"x"}]}""", ProblemCodes.InvalidRequest, "model")]
    [InlineData("""{"model":"m"}""", ProblemCodes.InvalidRequest, "messages")]
    [InlineData("""{"model":"m","messages":[]}""", ProblemCodes.InvalidRequest, "messages")]
    [InlineData("""{"model":"m","messages":[null]}""", ProblemCodes.InvalidRequest, "messages[0].role")]
    [InlineData("""{"model":"m","messages":[{"role":"critic","content":"x"}]}""", ProblemCodes.InvalidRequest, "messages[0].role")]
    [InlineData("""{"model":"m","messages":[{"role":"system","content":"x"}]}""", ProblemCodes.InvalidRequest, "messages")]
    [InlineData("""{"model":"m","stop":["1","2","3","4","5"],"messages":[{"role":"user","content":"x"}]}""", ProblemCodes.InvalidRequest, "stop")]
    [InlineData("""{"model":"m","stop":"","messages":[{"role":"user","content":"x"}]}""", ProblemCodes.InvalidRequest, "stop")]
    [InlineData("""{"model":"m","response_format":{"type":"json_schema"},"messages":[{"role":"user","content":"x"}]}""", ProblemCodes.InvalidRequest, "response_format")]
    [InlineData("""{"model":"m","response_format":{"type":"json_schema","json_schema":{"schema":{"type":7}}},"messages":[{"role":"user","content":"x"}]}""", ProblemCodes.InvalidRequest, "response_format")]
    [InlineData("""{"model":"m","response_format":{"type":"json_schema","json_schema":{"schema":{"$ref":"https://example.com/other"}}},"messages":[{"role":"user","content":"x"}]}""", ProblemCodes.InvalidRequest, "response_format")]
    [InlineData("""{"model":"m","response_format":{"type":"grammar"},"messages":[{"role":"user","content":"x"}]}""", ProblemCodes.InvalidRequest, "response_format")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[null]}]}""", ProblemCodes.InvalidRequest, "messages[0].content[0].type")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"input_audio"}]}]}""", ProblemCodes.InvalidRequest, "messages[0].content[0].type")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"image_url"}]}]}""", ProblemCodes.AttachmentRejected, "messages[0].content[0].image_url.url")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"http://169.254.169.254/"}}]}]}""", ProblemCodes.AttachmentRejected, "messages[0].content[0].image_url.url")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"file","file":{"file_id":"f"}}]}]}""", ProblemCodes.AttachmentRejected, "messages[0].content[0].file.file_data")]
    [InlineData("""{"model":"m","n":2,"messages":[{"role":"user","content":"x"}]}""", ProblemCodes.UnsupportedOption, "n")]
    [InlineData("""{"model":"m","tools":[{"type":"function"}],"messages":[{"role":"user","content":"x"}]}""", ProblemCodes.UnsupportedOption, "tools")]
    [InlineData("""{"model":"m","functions":[{}],"messages":[{"role":"user","content":"x"}]}""", ProblemCodes.UnsupportedOption, "functions")]
    [InlineData("""{"model":"m","modalities":["text","audio"],"messages":[{"role":"user","content":"x"}]}""", ProblemCodes.UnsupportedOption, "modalities")]
    [InlineData("""{"model":"m","logprobs":true,"messages":[{"role":"user","content":"x"}]}""", ProblemCodes.UnsupportedOption, "logprobs")]
    public void Read_WhatCanBeNoTurn_SaysWhichPartIsMeant(string body, string code, string param)
    {
        var invalid = Assert.IsType<ChatReading.Invalid>(Read(body));

        Assert.Equal((code, param), (invalid.Problem.Code, invalid.Param));
    }

    [Theory]
    [InlineData("""{"model":"m","temperature":0.2,"max_tokens":10,"top_p":1,"seed":7,"tools":[],"n":1,"tool_choice":"none","response_format":{"type":"text"},"messages":[{"role":"user","content":"x"}]}""")]
    [InlineData("""{"model":"m","messages":[{"role":"assistant","content":null,"tool_calls":[{}]},{"role":"tool","tool_call_id":"c","content":"22"},{"role":"user","name":"ann","content":"x"}]}""")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"},{"role":"assistant","content":"y"}]}""")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"},{"role":"system","content":"y"}]}""")]
    public void Read_WhatTheProfileDecides_IsIgnored(string body)
    {
        Assert.IsType<ChatReading.Read>(Read(body));
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

    [Theory]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"},{"role":"user","content":[{"type":"image_url","image_url":7}]}]}""", "$.messages[1].content")]
    public void Parse_APartOfAnotherShape_SaysWhere(string body, string path)
    {
        Assert.False(Parse(body).TryGet(out _, out var problem));
        Assert.EndsWith($"at {path}.", problem.Detail, StringComparison.Ordinal);
    }

    private static ChatRequest ReadRequest(string body) => Assert.IsType<ChatReading.Read>(Read(body)).Request;

    private static ChatReading Read(string body)
    {
        Assert.True(Parse(body).TryGet(out var request, out _));
        return ChatRequestReader.Read(request);
    }

    private static Body<ChatCompletionRequest> Parse(string body) =>
        RequestBody.Parse(Encoding.UTF8.GetBytes(body), OpenAiJsonContext.Default.ChatCompletionRequest);
}
