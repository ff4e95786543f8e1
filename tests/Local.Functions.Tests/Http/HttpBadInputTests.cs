using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using FunctionsBroker.Local.Functions.Tests.Harness;
using FunctionsBroker.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsBroker.Local.Functions.Tests.Http;

/// <summary>What a caller is told whose request no function can use.</summary>
public sealed class HttpBadInputTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData("/api/loose/x", "number", "cannot be read as Int32")]
    [InlineData("/api/loose/99999999999", "number", "cannot be read as Int32")]
    [InlineData("/api/Required", "page", "no value")]
    [InlineData("/api/Required?page=", "page", "cannot be read as Int32")]
    [InlineData("/api/Required?page=1&id=x", "id", "cannot be read as Guid")]
    [InlineData("/api/typed/1/7d4a2f0e-93c1-4b7c-8a25-5e1d2a7f9b30?day=someday", "day", "cannot be read as DayOfWeek")]
    public async Task Value_ThatDoesNotFitItsParameter_IsABadRequestThatNamesIt(string path, string parameter, string reason)
    {
        await using var app = await StartAsync();

        using var answer = await app.Client.GetAsync(path, Cancellation);

        var problem = await ProblemOfAsync(answer, HttpStatusCode.BadRequest, "invalid_argument");
        Assert.StartsWith($"'{parameter}':", problem, StringComparison.Ordinal);
        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData("{ not json", "application/json", "invalid")]
    [InlineData("""{"id":"a","count":"many"}""", "application/json", "$.count")]
    [InlineData("", "application/json", "A non-empty request body is required.")]
    [InlineData("""{"id":"a","count":2}""", "text/plain", "Unsupported content type 'text/plain'")]
    [InlineData("""{"id":"a","count":2}""", null, "Unsupported content type")]
    public async Task Body_ThatCannotBeRead_IsABadRequestThatSaysWhere(string body, string? contentType, string reason)
    {
        await using var app = await StartAsync();

        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        using var answer = await app.Client.PostAsync("/api/Body", content, Cancellation);

        var problem = await ProblemOfAsync(answer, HttpStatusCode.BadRequest, "invalid_argument");
        Assert.StartsWith("'order':", problem, StringComparison.Ordinal);
        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData(false, "/api/Length")]
    [InlineData(true, "/api/Length")]
    [InlineData(false, "/api/Body")]
    [InlineData(true, "/api/Body")]
    public async Task Body_OverTheLimit_IsRefusedWithTheLimitAndItsSetting(bool chunked, string path)
    {
        await using var app = await StartAsync(("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT", "1000"));

        using var answer = await PostAsync(app, path, 1001, chunked);

        var problem = await ProblemOfAsync(answer, HttpStatusCode.RequestEntityTooLarge, "body_too_large");
        Assert.Contains("1000 bytes", problem, StringComparison.Ordinal);
        Assert.Contains("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT", problem, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Body_AtTheLimit_IsRead()
    {
        await using var app = await StartAsync(("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT", "1000"));

        using var answer = await PostAsync(app, "/api/Length", 1000, chunked: false);

        Assert.Equal("1000", await answer.Content.ReadAsStringAsync(Cancellation));
    }

    /// <summary>Larger than the 30 MB that Kestrel takes by itself.</summary>
    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Body_Of40MiB_IsReadAsTheRealHostTakes100()
    {
        await using var app = await StartAsync();

        using var answer = await PostAsync(app, "/api/Length", 40 * 1024 * 1024, chunked: false);

        Assert.Equal("41943040", await answer.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task BodyLimit_ThatIsNoNumber_StopsTheStart()
    {
        var exception = await Assert.ThrowsAsync<InvalidDataException>(() => StartAsync(("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT", "1 MB")));

        Assert.Equal("The setting FUNCTIONS_REQUEST_BODY_SIZE_LIMIT must be a number of bytes, and is \"1 MB\".", exception.Message);
    }

    private static Task<TestApp> StartAsync(params (string Key, string Value)[] settings) =>
        TestApp.StartAsync([typeof(RoutedFunctions)], builder => builder.Services.AddSingleton<Signals>(), settings: settings);

    private static async Task<HttpResponseMessage> PostAsync(TestApp app, string path, int length, bool chunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(new byte[length]) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TransferEncodingChunked = chunked;
        return await app.Client.SendAsync(request, Cancellation);
    }

    private static async Task<string> ProblemOfAsync(HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancellation))!;
        Assert.Equal((code, (int)status), ((string?)problem["code"], (int)problem["status"]!));
        return (string)problem["detail"]!;
    }
}
