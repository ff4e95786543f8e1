using System.Net;
using System.Net.Sockets;
using System.Text;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Sessions.Admission;

namespace FunctionsBroker.Functions.Tests.Running;

/// <summary>Bodies that are as large as may be, through the platform and the worker's own server.</summary>
public sealed class BodyLimitTests(SharedFront running) : RunningFrontTest(running)
{
    private const int Limit = TurnLimits.MaxBodyBytesWithAttachments;

    [Theory(Timeout = Patience)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Body_OfExactlyTheLimit_IsRead(bool chunked)
    {
        await using var front = await StartAsync(hosts: 0);

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, ProblemCodes.PromptTooLarge), await SubmitAsync(front, Limit, chunked));
    }

    [Theory(Timeout = Patience)]
    [InlineData(Limit + 1, false)]
    [InlineData(Limit + 1, true)]
    [InlineData(Limit * 2, false)]
    [InlineData(Limit * 2, true)]
    public async Task Body_OverTheLimit_IsRefusedWithAProblem(int length, bool chunked)
    {
        await using var front = await StartAsync(hosts: 0);

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, ProblemCodes.BodyTooLarge), await SubmitAsync(front, length, chunked));
    }

    [Fact(Timeout = Patience)]
    public async Task Body_OverTheLimitOfACallerThatAsksFirst_IsRefusedBeforeItIsSent()
    {
        var (url, key) = (Running.Process.Host.Url, Running.Process.FunctionKey);
        using var client = new TcpClient();
        await client.ConnectAsync(url.Host, url.Port, Cancellation);

        await client.GetStream().WriteAsync(
            Encoding.ASCII.GetBytes(
                $"POST /api/sessions/{Session}/turns HTTP/1.1\r\nHost: front\r\nx-functions-key: {key}\r\nExpect: 100-continue\r\nContent-Length: {Limit + 1}\r\n\r\n"),
            Cancellation);

        Assert.Equal("HTTP/1.1 413", await ReadStatusAsync(client));
    }

    private async Task<(HttpStatusCode Status, string Code)> SubmitAsync(RunningFront front, int length, bool chunked)
    {
        using var content = new ByteArrayContent(BodyOf(length));
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/sessions/{Session}/turns") { Content = content };
        request.Headers.TransferEncodingChunked = chunked;
        using var answer = await front.SendAsync(request);
        return (answer.StatusCode, (await RunningFront.ReadProblemAsync(answer)).Code);
    }

    private static byte[] BodyOf(int length)
    {
        var body = new byte[length];
        body.AsSpan().Fill((byte)'x');
        "{\"prompt\":\""u8.CopyTo(body);
        "\"}"u8.CopyTo(body.AsSpan(length - 2));
        return body;
    }

    private static async Task<string> ReadStatusAsync(TcpClient client)
    {
        var buffer = new byte["HTTP/1.1 413".Length];
        await client.GetStream().ReadExactlyAsync(buffer, Cancellation);
        return Encoding.ASCII.GetString(buffer);
    }
}
