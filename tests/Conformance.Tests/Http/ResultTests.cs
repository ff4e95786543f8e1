using System.Net;
using System.Text;
using FunctionsBroker.Conformance.Tests.Running;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Conformance.Tests.Http;

public sealed class ResultTests(ConformanceHost host) : HttpTest(host)
{
    [Conformance(Sources.Isolated + "#aspnet-core-integration", "A function may return IResult; it is executed.")]
    public async Task Result_Minimal_IsWritten() =>
        Assert.Equal((HttpStatusCode.Created, """{"camelCase":true}"""), await GetAsync("api/results/minimal"));

    [Conformance(Sources.Isolated + "#http-trigger", "A function may return IActionResult; an object becomes JSON.")]
    public async Task Result_OfAnObject_IsJson() => Assert.Equal((HttpStatusCode.OK, """{"name":"x"}"""), await GetAsync("api/results/action/object"));

    [Conformance(Sources.HttpOutput, "A created result has its location and status.")]
    public async Task Result_Created_HasItsLocation()
    {
        using var answer = await Http.GetAsync("api/results/action/created", Cancellation);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal("/somewhere", answer.Headers.Location!.OriginalString);
    }

    [Conformance(Sources.HttpOutput + "#usage", "A content result has its type, status and text.")]
    public async Task Result_OfContent_HasItsTypeAndStatus()
    {
        using var answer = await Http.GetAsync("api/results/action/content", Cancellation);

        Assert.Equal((HttpStatusCode.Accepted, "text/html"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        Assert.Equal("<p/>", await answer.Content.ReadAsStringAsync(Cancellation));
    }

    [Conformance(Sources.Isolated + "#aspnet-core-integration", "Results without a body, of bytes, and of a redirection are executed as in ASP.NET Core.")]
    public async Task Result_OfOtherKinds_IsWritten()
    {
        Assert.Equal((HttpStatusCode.NoContent, string.Empty), await GetAsync("api/results/action/none"));
        Assert.Equal(HttpStatusCode.Found, (await GetAsync("api/results/action/redirect")).Status);
        Assert.Equal((HttpStatusCode)418, (await GetAsync("api/results/action/other")).Status);
        Assert.Equal((byte[])[1, 2, 3], await Http.GetByteArrayAsync("api/results/action/file", Cancellation));
    }

    [Conformance(Sources.Isolated + "#aspnet-core-integration", "A function may write its response itself and return nothing.")]
    public async Task Response_WrittenDirectly_IsSent()
    {
        using var answer = await Http.GetAsync("api/results/direct", Cancellation);

        Assert.Equal((HttpStatusCode)203, answer.StatusCode);
        Assert.Equal("yes", answer.Headers.GetValues("x-direct").Single());
        Assert.Equal("written directly", await answer.Content.ReadAsStringAsync(Cancellation));
    }

    [Conformance(Sources.Isolated + "#http-trigger", "Headers cross both ways, several of one name too.")]
    public async Task Headers_BothWays_Arrive()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/results/headers");
        request.Headers.Add("x-asked", "for this");
        using var answer = await Http.SendAsync(request, Cancellation);

        Assert.Equal("for this", await answer.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("one,two", string.Join(',', answer.Headers.GetValues("x-several").SelectMany(value => value.Split(", "))));
    }

    [Conformance(Sources.HttpTrigger + "#attributes", "HEAD is a method like any other, and is answered without a body.")]
    public async Task Head_IsAnsweredWithoutABody() =>
        Assert.Equal((HttpStatusCode.OK, string.Empty), await SendAsync(HttpMethod.Head, "api/results/headers"));

    [Conformance(Sources.HttpTrigger + "#payload", "The body reaches the function byte for byte.")]
    public async Task Body_OfAnyBytes_ComesBack()
    {
        byte[] bytes = [.. Enumerable.Range(0, 100_000).Select(number => (byte)(number * 7))];
        using var content = new ByteArrayContent(bytes);
        using var answer = await Http.PostAsync("api/results/echo", content, Cancellation);

        Assert.Equal(bytes, await answer.Content.ReadAsByteArrayAsync(Cancellation));
    }

    [Conformance(Sources.Isolated + "#aspnet-core-integration", "A parameter marked FromBody is the body, read as JSON.")]
    public async Task Body_AsAParameter_IsRead()
    {
        using var content = new StringContent("""{"text":"parcel","count":4}""", Encoding.UTF8, "application/json");

        Assert.Equal((HttpStatusCode.OK, "parcel 4 POST"), await SendAsync(HttpMethod.Post, "api/results/parcel", content));
    }

    [Conformance(Sources.Isolated + "#aspnet-core-integration", "What a function has flushed reaches the caller while the function goes on.")]
    public async Task Stream_BeforeItsEnd_IsReadable()
    {
        var topic = NewId("stream");
        using var answer = await Http.GetAsync($"api/results/stream/{topic}", HttpCompletionOption.ResponseHeadersRead, Cancellation);
        await using var body = await answer.Content.ReadAsStreamAsync(Cancellation);
        using var reader = new StreamReader(body);

        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("data: first", await reader.ReadLineAsync(Cancellation));
        await Journal.AddAsync(topic);
        Assert.Contains("data: last", await reader.ReadToEndAsync(Cancellation), StringComparison.Ordinal);
    }

    [Conformance(Sources.Isolated + "#cancellation-tokens", "The function's token is cancelled when the caller leaves.")]
    public async Task Token_WhenTheCallerLeaves_IsCancelled()
    {
        var topic = NewId("left");
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var call = Http.GetAsync($"api/results/forever/{topic}", leaving.Token);
        await Journal.WaitAsync(topic);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

        await Eventually.BecomesTrueAsync(async () => (await Journal.ReadTextsAsync(topic)).Length == 2, Cancellation);
    }

    [Conformance(Sources.HttpTrigger, "An exception that nothing handles is 500, and its message is not told.")]
    public async Task Exception_NotHandled_Is500WithoutItsMessage()
    {
        var (status, body) = await GetAsync("api/results/crash");

        Assert.Equal(HttpStatusCode.InternalServerError, status);
        Assert.DoesNotContain("eyes", body, StringComparison.Ordinal);
    }
}
