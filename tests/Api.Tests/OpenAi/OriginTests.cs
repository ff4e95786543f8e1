using System.Net;

namespace FunctionsBroker.Api.Tests.OpenAi;

/// <summary>Web pages of other origins.</summary>
public sealed class OriginTests(ApiFixture fixture) : ApiTest(fixture)
{
    private const string Allowed = "Access-Control-Allow-Origin";

    [Fact(Timeout = LongTest)]
    public async Task A_page_of_a_named_origin_may_ask()
    {
        using var preflight = await SendAsync(
            HttpMethod.Options,
            "/v1/chat/completions",
            null,
            ("Origin", ApiFixture.Origin),
            ("Access-Control-Request-Method", "POST"),
            ("Access-Control-Request-Headers", "authorization,content-type,x-stainless-lang"));
        using var answer = await SendAsync(HttpMethod.Get, "/v1/models", null, ("Origin", ApiFixture.Origin));

        Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
        Assert.Equal([ApiFixture.Origin], preflight.Headers.GetValues(Allowed));
        Assert.Equal(["GET, POST"], preflight.Headers.GetValues("Access-Control-Allow-Methods"));
        Assert.Equal(["authorization,content-type,x-stainless-lang"], preflight.Headers.GetValues("Access-Control-Allow-Headers"));
        Assert.Equal([ApiFixture.Origin], answer.Headers.GetValues(Allowed));
        Assert.Contains("x-session-id", answer.Headers.GetValues("Access-Control-Expose-Headers").Single(), StringComparison.Ordinal);
    }

    [Theory(Timeout = LongTest)]
    [InlineData("/api/health")]
    [InlineData("/api/sessions/none")]
    [InlineData("/v1/models")]
    [InlineData("/v1/none")]
    public async Task No_answer_is_taken_for_something_else(string path)
    {
        using var answer = await SendAsync(HttpMethod.Get, path);

        Assert.Equal(["nosniff"], answer.Headers.GetValues("X-Content-Type-Options"));
    }

    [Theory(Timeout = LongTest)]
    [InlineData("/v1/models", "https://other.example.com")]
    [InlineData("/v1/models", "null")]
    [InlineData("/api/hosts", ApiFixture.Origin)]
    public async Task No_other_page_may_ask(string path, string origin)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, null, ("Origin", origin));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False(answer.Headers.Contains(Allowed));
    }
}
