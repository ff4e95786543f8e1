using System.Net;
using FunctionsBroker.ClaudeCode.Transports.Api;

namespace FunctionsBroker.ClaudeCode.Tests.Transports;

public sealed class RetryAfterTests
{
    private static readonly DateTimeOffset s_noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Read_RetryAfter_IsTakenBeforeAnythingElse()
    {
        Assert.Equal(7, Read(("retry-after", "7"), ("anthropic-ratelimit-requests-remaining", "0"), ("anthropic-ratelimit-requests-reset", "2026-11-21T13:00:00Z")));
        Assert.Equal(60, Read(("retry-after", "Sat, 21 Nov 2026 12:01:00 GMT")));
    }

    [Fact]
    public void Read_Limits_IsTheLastResetOfThoseThatAreSpent()
    {
        Assert.Equal(120, Read(
            ("anthropic-ratelimit-requests-remaining", "0"),
            ("anthropic-ratelimit-requests-reset", "2026-11-21T12:01:00Z"),
            ("anthropic-ratelimit-input-tokens-remaining", "0"),
            ("anthropic-ratelimit-input-tokens-reset", "2026-11-21T12:02:00Z"),
            ("anthropic-ratelimit-output-tokens-remaining", "100"),
            ("anthropic-ratelimit-output-tokens-reset", "2026-11-21T12:30:00Z")));
    }

    [Fact]
    public void Read_NothingOrThePast_IsUnknown()
    {
        Assert.Null(Read());
        Assert.Null(Read(("anthropic-ratelimit-requests-remaining", "0")));
        Assert.Null(Read(("anthropic-ratelimit-requests-remaining", "0"), ("anthropic-ratelimit-requests-reset", "soon")));
        Assert.Null(Read(("anthropic-ratelimit-requests-remaining", "0"), ("anthropic-ratelimit-requests-reset", "2026-11-21T11:59:00Z")));
    }

    private static int? Read(params (string Name, string Value)[] headers)
    {
        using var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        foreach (var (name, value) in headers)
        {
            response.Headers.Add(name, value);
        }

        return RetryAfter.Read(response.Headers, s_noon);
    }
}
