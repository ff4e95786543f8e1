using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace FunctionsBroker.FunctionsHost.Tests;

/// <summary>HTTP triggers: routes, values, streams, failures.</summary>
public sealed class HttpTests(HostFixture fixture) : HostTest(fixture)
{
    [Theory(Timeout = Patience)]
    [InlineData("/api/hello/Ada", """{"name":"Ada"}""")]
    [InlineData("/api/hello/a%20b%2Fc", """{"name":"a b%2Fc"}""")]
    [InlineData("/api/numbers/7", """{"value":7}""")]
    [InlineData("/api/pages", """{"page":null}""")]
    [InlineData("/api/pages/two", """{"page":"two"}""")]
    [InlineData("/api/documents/a/b/c.txt", """{"path":"a/b/c.txt"}""")]
    public async Task Route_WithParameters_BindsThem(string path, string expected)
    {
        Assert.Equal(expected, await GetTextAsync(path));
    }

    [Theory(Timeout = Patience)]
    [InlineData("GET", "/api/nothing")]
    [InlineData("GET", "/hello/Ada")]
    [InlineData("GET", "/api/numbers/zero")]
    [InlineData("GET", "/api/numbers/0")]
    [InlineData("POST", "/api/hello/Ada")]
    [InlineData("PUT", "/api/Guarded")]
    public async Task UnknownRouteOrMethod_IsNotFoundWithoutABody(string method, string path)
    {
        using var answer = await SendAsync(HttpMethod.Parse(method), path);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal(0, answer.Content.Headers.ContentLength);
        Assert.Empty(answer.Content.Headers.Allow);
    }

    [Fact(Timeout = Patience)]
    public async Task Request_ReachesTheFunctionWhole_AndItsAnswerTheCaller()
    {
        var body = Encoding.UTF8.GetBytes(new string('ä', 200_000));
        using var content = new ByteArrayContent(body);
        content.Headers.Add("x-mine", ["one", "two"]);

        using var answer = await SendAsync(HttpMethod.Put, "/api/echo?status=418&a=1&a=2&b=%20", content: content);

        Assert.Equal(418, (int)answer.StatusCode);
        Assert.Equal("yes", Assert.Single(answer.Headers.GetValues("x-echo")));
        var echo = (await answer.Content.ReadFromJsonAsync<JsonNode>(Cancellation))!;
        Assert.Equal(("PUT", "/api/echo"), ((string?)echo["method"], (string?)echo["path"]));
        Assert.Equal(["1", "2"], echo["query"]!["a"]!.AsArray().Select(value => (string?)value));
        Assert.Equal(" ", (string?)echo["query"]!["b"]![0]);
        Assert.Equal(body, Convert.FromBase64String((string)echo["body"]!));
    }

    [Fact(Timeout = Patience)]
    public async Task Stream_ComesPieceByPiece()
    {
        using var answer = await SendAsync(HttpMethod.Get, "/api/stream?count=1000000&gap=5");
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(Cancellation));

        // It never ends: what is read here has not waited for the end.
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("id: 1", await reader.ReadLineAsync(Cancellation));
    }

    [Fact(Timeout = Patience)]
    public async Task Caller_Leaves_CancelsTheFunction_WhichIsLoggedAsFailed()
    {
        var from = Host.LineCount;
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/slow/leaver?ms=600000");
        var call = Fixture.Http.SendAsync(request, leave.Token);
        await WaitForLineAsync(Host, "Slow leaver began", from);

        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await WaitForLineAsync(Host, "Slow leaver was cancelled", from);
        await WaitForLineAsync(Host, "Executed 'Functions.Slow' (Failed", from);
    }

    [Fact(Timeout = Patience)]
    public async Task Function_Throws_IsAnInternalErrorWithoutABody()
    {
        var from = Host.LineCount;

        using var answer = await SendAsync(HttpMethod.Get, "/api/throw");

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync(Cancellation));
        await WaitForLineAsync(Host, "This function always throws.", from);
    }

    [Fact(Timeout = Patience)]
    public async Task Setting_OfTheEnvironment_ReachesTheWorker()
    {
        Assert.Equal("from the environment", await GetTextAsync("/api/settings/GREETING"));
    }
}
