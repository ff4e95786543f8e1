using System.Text;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Functions.Http;
using FunctionsBroker.Sessions.Admission;
using Microsoft.AspNetCore.Http;

namespace FunctionsBroker.Functions.Tests.Http;

public sealed class RequestBodyTests
{
    [Fact]
    public async Task Read_Json_GivesTheValue()
    {
        var read = await ReadAsync("""{"prompt":"hi"}""", withLength: true);

        Assert.True(read.TryGet(out var value, out _));
        Assert.Equal("hi", value.Prompt);
    }

    [Theory]
    [InlineData("{\n  \"prompt\": oops }", "Line 2, byte 13")]
    [InlineData("", "Line 1")]
    [InlineData("[]", "at $")]
    [InlineData("""{"prompt":7}""", "at $.prompt")]
    public async Task Read_BrokenJson_SaysWhereAndNotWhat(string json, string where)
    {
        var read = await ReadAsync(json, withLength: true);

        Assert.False(read.TryGet(out _, out var problem));
        Assert.Equal(ProblemCodes.InvalidJson, problem.Code);
        Assert.Contains(where, problem.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("oops", problem.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"prompt":"hi","metadata":"\ud83d"}""")]
    [InlineData("""{"prompt":"hi","metadata":{"\ud83d":1}}""")]
    [InlineData("""{"prompt":"hi","metadata":[["\udc33\ud83d"]]}""")]
    [InlineData("""{"prompt":"hi","unknown":"\ud83d x"}""")]
    public async Task Read_HalfOfASurrogatePairAnywhere_IsRefused(string json)
    {
        var read = await ReadAsync(json, withLength: true);

        Assert.False(read.TryGet(out _, out var problem));
        Assert.Equal(ProblemCodes.InvalidJson, problem.Code);
    }

    [Fact]
    public void Parse_ByteOrderMark_IsPassedOver()
    {
        byte[] json = [0xEF, 0xBB, 0xBF, .. """{"prompt":"hi"}"""u8];

        Assert.True(RequestBody.Parse(json, ContractsJsonContext.Default.SubmitTurnRequest).TryGet(out var value, out _));
        Assert.Equal("hi", value.Prompt);
    }

    [Fact]
    public void Parse_BytesThatAreNoUtf8_AreRefusedAlsoInMetadata()
    {
        byte[] json = [.. """{"prompt":"hi","metadata":"a"""u8, 0xFF, .. "\"}"u8];

        Assert.False(RequestBody.Parse(json, ContractsJsonContext.Default.SubmitTurnRequest).TryGet(out _, out var problem));
        Assert.Equal(ProblemCodes.InvalidJson, problem.Code);
    }

    [Fact]
    public async Task Read_AWholeSurrogatePair_IsACharacter()
    {
        var read = await ReadAsync("""{"prompt":"\ud83d\udc33","metadata":"\ud83d\udc33"}""", withLength: true);

        Assert.True(read.TryGet(out var value, out _));
        Assert.Equal("🐳", value.Prompt);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Read_BodyOverTheLimit_IsRefused(bool withLength)
    {
        var read = await ReadAsync(new string(' ', TurnLimits.MaxBodyBytes + 1), withLength);

        Assert.False(read.TryGet(out _, out var problem));
        Assert.Equal(ProblemCodes.BodyTooLarge, problem.Code);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, TurnLimits.MaxBodyBytes + 100)]
    public async Task Read_BodyOverTheLimit_IsReadToItsEndUnlessTheCallerWaits(bool waits, int left)
    {
        var request = new DefaultHttpContext().Request;
        request.Body = new MemoryStream(new byte[TurnLimits.MaxBodyBytes + 100]);
        request.ContentLength = request.Body.Length;
        request.Headers.Expect = waits ? "100-continue" : default;

        await RequestBody.ReadAsync(request, ContractsJsonContext.Default.SubmitTurnRequest, TestContext.Current.CancellationToken);

        Assert.Equal(left, request.Body.Length - request.Body.Position);
    }

    private static Task<Body<Contracts.Turns.SubmitTurnRequest>> ReadAsync(string body, bool withLength)
    {
        var request = new DefaultHttpContext().Request;
        var bytes = Encoding.UTF8.GetBytes(body);
        request.Body = new MemoryStream(bytes);
        request.ContentLength = withLength ? bytes.Length : null;
        return RequestBody.ReadAsync(request, ContractsJsonContext.Default.SubmitTurnRequest, TestContext.Current.CancellationToken);
    }
}
