using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using FunctionsBroker.Local.Functions.Tests.Harness;
using FunctionsBroker.TestKit;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Local.Functions.Tests.Http;

public sealed class HttpFunctionTests
{
    private static readonly Guid s_id = Guid.Parse("7d4a2f0e-93c1-4b7c-8a25-5e1d2a7f9b30");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData("GET", "/api/Plain", HttpStatusCode.OK, "/api/Plain")]
    [InlineData("GET", "/api/plain", HttpStatusCode.OK, "/api/plain")]
    [InlineData("GET", "/Plain", HttpStatusCode.NotFound, "")]
    [InlineData("POST", "/api/Plain", HttpStatusCode.NotFound, "")]
    [InlineData("HEAD", "/api/Plain", HttpStatusCode.NotFound, "")]
    [InlineData("OPTIONS", "/api/Plain", HttpStatusCode.NotFound, "")]
    [InlineData("OPTIONS", "/api/EveryMethod", HttpStatusCode.OK, "OPTIONS")]
    [InlineData("PATCH", "/api/EveryMethod", HttpStatusCode.OK, "PATCH")]
    [InlineData("GET", "/api/items/1", HttpStatusCode.OK, "get 1")]
    [InlineData("GET", "/api/items/a%20b", HttpStatusCode.OK, "get a b")]
    [InlineData("GET", "/api/items/special", HttpStatusCode.OK, "special")]
    [InlineData("PUT", "/api/items/1", HttpStatusCode.OK, """{"put":"1"}""")]
    [InlineData("DELETE", "/api/items/1", HttpStatusCode.NotFound, "")]
    [InlineData("GET", "/api/files", HttpStatusCode.OK, "- txt")]
    [InlineData("GET", "/api/files/a/b%20c/d", HttpStatusCode.OK, "a/b c/d txt")]
    [InlineData("GET", "/api/ranged/5", HttpStatusCode.OK, "5")]
    [InlineData("GET", "/api/ranged/11", HttpStatusCode.NotFound, "")]
    [InlineData("GET", "/api/ranged/five", HttpStatusCode.NotFound, "")]
    [InlineData("GET", "/api/typed/x/7d4a2f0e-93c1-4b7c-8a25-5e1d2a7f9b30", HttpStatusCode.NotFound, "")]
    [InlineData("GET", "/api/typed/7/not-a-guid", HttpStatusCode.NotFound, "")]
    [InlineData("GET", "/api/no/such/function", HttpStatusCode.NotFound, "")]
    [InlineData("GET", "/api/CodeOfQuery?code=secret", HttpStatusCode.OK, "-")]
    [InlineData("GET", "/api/Nothing", HttpStatusCode.OK, "")]
    [InlineData("GET", "/api/ValueTaskResult", (HttpStatusCode)418, "")]
    public async Task Request_ByMethodAndPath_ReachesItsFunction(string method, string path, HttpStatusCode status, string body)
    {
        await using var app = await StartAsync();

        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await app.Client.SendAsync(request, Cancellation);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(body, await answer.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Parameters_FromRouteAndQuery_AreConverted()
    {
        await using var app = await StartAsync();

        Assert.Equal($"7 {s_id} - - Sunday", await app.Client.GetStringAsync($"/api/typed/7/{s_id}", Cancellation));
        Assert.Equal($"-7 {s_id} n 3 Friday", await app.Client.GetStringAsync($"/api/typed/-7/{s_id}/n?page=3&day=friday", Cancellation));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Body_OfJson_IsBoundInAnyCase()
    {
        await using var app = await StartAsync();

        using var answer = await app.Client.PostAsJsonAsync("/api/Body", new { id = "a", COUNT = 2 }, Cancellation);

        Assert.Equal("a 2", await answer.Content.ReadAsStringAsync(Cancellation));
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("text/json")]
    [InlineData("application/vnd.order+json")]
    public async Task Body_OfAnyJsonType_IsBoundAsMvcBindsIt(string contentType)
    {
        await using var app = await StartAsync();

        using var content = new StringContent("""{"id":"a","count":2}""");
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        using var answer = await app.Client.PostAsync("/api/Body", content, Cancellation);

        Assert.Equal("a 2", await answer.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Exception_Unhandled_Answers500WithoutDetailsAndIsLoggedOnce()
    {
        await using var app = await StartAsync();

        using var answer = await app.Client.GetAsync("/api/Throws", Cancellation);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsStringAsync(Cancellation));
        var line = Assert.Single(app.Logs.Lines, line => line.Text.Contains("the secret reason", StringComparison.Ordinal));
        Assert.Equal(LogLevel.Error, line.Level);
        Assert.Contains("Functions.Throws", line.Text, StringComparison.Ordinal);
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData("/api/Stream")] // written by the function itself
    [InlineData("/api/Events")] // a result that writes them
    public async Task Response_WrittenPieceByPiece_IsStreamed(string path)
    {
        await using var app = await StartAsync();

        using var answer = await app.Client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(Cancellation));
        Assert.Equal("data: 1", await reader.ReadLineAsync(Cancellation));

        app.Services.GetRequiredService<Signals>().Released.SetResult();
        Assert.Equal("\ndata: 2\n\n", await reader.ReadToEndAsync(Cancellation));
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Exception_AfterTheResponseBegan_CutsTheConnection()
    {
        await using var app = await StartAsync();

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => app.Client.GetStringAsync("/api/BreaksOff", Cancellation));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Caller_ThatLeavesAStream_AbortsTheRequestOfTheContext()
    {
        await using var app = await StartAsync();
        var signals = app.Services.GetRequiredService<Signals>();

        using (await app.Client.GetAsync("/api/Follow", HttpCompletionOption.ResponseHeadersRead, Cancellation))
        {
            await signals.Started.Task.WaitAsync(Cancellation);
        }

        await signals.Cancelled.Task.WaitAsync(Cancellation);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Caller_ThatLeaves_CancelsTheFunctionAndIsNoError()
    {
        await using var app = await StartAsync();
        var signals = app.Services.GetRequiredService<Signals>();
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        var request = app.Client.GetAsync("/api/Hang", leaving.Token);
        await signals.Started.Task.WaitAsync(Cancellation);
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        await signals.Cancelled.Task.WaitAsync(Cancellation);
        await app.StopAsync();
        Assert.DoesNotContain(app.Logs.Lines, line => line.Level >= LogLevel.Error);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Host_ThatStops_LetsARunningRequestFinishAndTakesNoNewOne()
    {
        await using var app = await StartAsync();
        var signals = app.Services.GetRequiredService<Signals>();
        var request = app.Client.GetStringAsync("/api/Gated", Cancellation);
        await signals.Started.Task.WaitAsync(Cancellation);

        var stopped = app.StopAsync();
        using var other = new HttpClient { BaseAddress = app.Client.BaseAddress };
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                try
                {
                    await other.GetStringAsync("/api/Plain", Cancellation);
                    return false;
                }
                catch (HttpRequestException)
                {
                    return true;
                }
            },
            Cancellation);
        signals.Released.SetResult();

        Assert.Equal("finished", await request);
        await stopped;
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Host_ThatStops_CancelsTheFunctionAfterAGraceAndAnswers503()
    {
        var time = new ManualTimeProvider();
        await using var app = await StartAsync(configure: builder => builder.Services.AddSingleton<TimeProvider>(time));
        var signals = app.Services.GetRequiredService<Signals>();

        var request = app.Client.GetAsync("/api/Hang", Cancellation);
        await signals.Started.Task.WaitAsync(Cancellation);
        var waiting = time.Waiting;
        var stopped = app.StopAsync();
        await Eventually.BecomesTrueAsync(() => time.Waiting > waiting, Cancellation);
        Assert.False(signals.Cancelled.Task.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(2));
        await stopped;

        using var answer = await request;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData("", "/items/1")]
    [InlineData("v2/x", "/v2/x/items/1")]
    public async Task RoutePrefix_OfHostJson_IsBeforeEveryRoute(string prefix, string path)
    {
        await using var app = await StartAsync($$"""{ "version": "2.0", "extensions": { "http": { "routePrefix": "{{prefix}}" } } }""");

        Assert.Equal("get 1", await app.Client.GetStringAsync(path, Cancellation));
        using var unprefixed = await app.Client.GetAsync("/api/items/1", Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, unprefixed.StatusCode);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task FunctionTimeout_OfHostJson_CancelsTheFunction()
    {
        await using var app = await StartAsync("""{ "version": "2.0", "functionTimeout": "00:00:01" }""");

        using var answer = await app.Client.GetAsync("/api/Hang", Cancellation);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Single(app.Logs.Lines, line => line.Level is LogLevel.Error && line.Text.Contains("Functions.Hang", StringComparison.Ordinal));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task CustomHeaders_OfHostJson_AreOnEveryResponseThatHasThemNot()
    {
        await using var app = await StartAsync(
            """{ "version": "2.0", "extensions": { "http": { "customHeaders": { "X-Frame-Options": "DENY", "X-Own": "host" } } } }""");

        using var answer = await app.Client.GetAsync("/api/OwnHeader", Cancellation);
        using var missing = await app.Client.GetAsync("/nowhere", Cancellation);

        Assert.Equal(["DENY"], answer.Headers.GetValues("X-Frame-Options"));
        Assert.Equal(["function"], answer.Headers.GetValues("X-Own"));
        Assert.Equal(["DENY"], missing.Headers.GetValues("X-Frame-Options"));
    }

    private static Task<TestApp> StartAsync(
        string hostJson = """{ "version": "2.0" }""", Action<FunctionsApplicationBuilder>? configure = null) => TestApp.StartAsync(
        [typeof(RoutedFunctions)],
        builder =>
        {
            builder.Services.AddSingleton<Signals>();
            configure?.Invoke(builder);
        },
        hostJson);
}
