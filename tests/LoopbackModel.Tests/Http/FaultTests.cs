using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using FunctionsBroker.LoopbackModel.Requests;

namespace FunctionsBroker.LoopbackModel.Tests.Http;

public sealed class FaultTests : IAsyncLifetime
{
    private LoopbackModelServer _model = null!;
    private ModelClient _client = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _model = await LoopbackModelServer.StartAsync(new LoopbackModelOptions(), Cancellation);
        _client = new ModelClient(_model);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _model.DisposeAsync();
    }

    [Theory]
    [InlineData(400, "invalid_request_error")]
    [InlineData(401, "authentication_error")]
    [InlineData(429, "rate_limit_error")]
    [InlineData(500, "api_error")]
    [InlineData(529, "overloaded_error")]
    public async Task Status_IsSentWithTheErrorOfTheApi(int status, string type)
    {
        using var response = await _client.SendAsync($"x {{{{model: status={status} retryAfter=7}}}}", stream: true, Cancellation);

        var body = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("error", ModelClient.TypeOf(body));
        Assert.Equal(type, ModelClient.TypeOf(body.GetProperty("error")));
        Assert.Equal(TimeSpan.FromSeconds(7), response.Headers.RetryAfter!.Delta);
        var logged = await _model.WaitForRequestAsync(request => request.Outcome is not null, Cancellation);
        Assert.Equal((RequestOutcome.Failed, status), (logged.Outcome!.Value, logged.Status!.Value));
    }

    [Fact]
    public async Task Reset_IsToldAsASpentLimit()
    {
        using var response = await _client.SendAsync("x {{model: status=429 reset=90}}", stream: true, Cancellation);

        var reset = DateTimeOffset.Parse(response.Headers.GetValues("anthropic-ratelimit-requests-reset").Single(), CultureInfo.InvariantCulture);
        Assert.Equal("0", response.Headers.GetValues("anthropic-ratelimit-requests-remaining").Single());
        Assert.InRange(reset - TimeProvider.System.GetUtcNow(), TimeSpan.FromSeconds(80), TimeSpan.FromSeconds(90));
    }

    [Fact]
    public async Task Times_FaultUsedUp_TheAnswerComes()
    {
        using var first = await _client.SendAsync("x {{model: status=529 times=1}}", stream: false, Cancellation);
        using var second = await _client.SendAsync("x {{model: status=529 times=1}}", stream: false, Cancellation);

        Assert.Equal([529, 200], [(int)first.StatusCode, (int)second.StatusCode]);
    }

    [Theory]
    [InlineData("beforeHeaders", null)]
    [InlineData("midStream", 200)]
    [InlineData("150", 200)]
    public async Task Drop_CutsTheStreamWhereAsked(string where, int? status)
    {
        await Assert.ThrowsAnyAsync<HttpRequestException>(async () =>
        {
            using var response = await _client.SendAsync($"x {{{{model: drop={where}}}}}", stream: true, Cancellation);
            await response.Content.ReadAsStringAsync(Cancellation);
        });

        var logged = await _model.WaitForRequestAsync(request => request.Outcome is not null, Cancellation);
        Assert.Equal((RequestOutcome.Dropped, status), (logged.Outcome!.Value, logged.Status));
    }

    [Fact]
    public async Task Drop_OfAWholeAnswer_CutsItsBody() => await Assert.ThrowsAnyAsync<HttpRequestException>(async () =>
    {
        using var response = await _client.SendAsync("x {{model: drop=midStream}}", stream: false, Cancellation);
        await response.Content.ReadAsStringAsync(Cancellation);
    });

    [Fact]
    public async Task Stall_WithPings_SendsThemAndThenTheRest()
    {
        using var response = await _client.SendAsync("x {{model: stall=200ms ping=20ms}}", stream: true, Cancellation);

        var events = await ModelClient.EventsAsync(response, Cancellation);

        Assert.Equal("[1] x", ModelClient.TextOf(events));
        Assert.True(events.Count(element => ModelClient.TypeOf(element) == "ping") > 2);
        var logged = await _model.WaitForRequestAsync(request => request.TotalMs is not null, Cancellation);
        Assert.True(logged.TotalMs >= 200);
    }

    [Fact]
    public async Task Stall_CallerGoesAway_IsLoggedAsAbandoned()
    {
        using (var response = await _client.SendAsync("x {{model: stall=60s}}", stream: true, Cancellation))
        {
            var first = new byte[100];
            await using var body = await response.Content.ReadAsStreamAsync(Cancellation);
            await body.ReadExactlyAsync(first, Cancellation);
            Assert.StartsWith("event: message_start", Encoding.UTF8.GetString(first), StringComparison.Ordinal);
            Assert.Null(Assert.Single(_model.Requests).Outcome);
        }

        var logged = await _model.WaitForRequestAsync(request => request.Outcome is not null, Cancellation);
        Assert.Equal(RequestOutcome.Abandoned, logged.Outcome);
    }

    [Fact]
    public async Task StreamError_EndsTheStreamWithAnErrorEvent()
    {
        using var response = await _client.SendAsync("x {{model: streamError=overloaded_error}}", stream: true, Cancellation);

        var events = await ModelClient.EventsAsync(response, Cancellation);

        Assert.Equal("overloaded_error", ModelClient.TypeOf(events[^1].GetProperty("error")));
        Assert.NotEqual("[1] x", ModelClient.TextOf(events));
    }

    [Theory]
    [InlineData("refusal", "refusal", "")]
    [InlineData("maxTokens", "max_tokens", "[1] ab")]
    public async Task Stop_ChangesTheStopReason(string stop, string reason, string text)
    {
        using var response = await _client.SendAsync($"abcdefgh {{{{model: stop={stop}}}}}", stream: true, Cancellation);

        var events = await ModelClient.EventsAsync(response, Cancellation);

        Assert.Equal(reason, events[^2].GetProperty("delta").GetProperty("stop_reason").GetString());
        Assert.Equal(text, ModelClient.TextOf(events));
    }

    [Fact]
    public async Task Request_WithoutAKey_IsRefused()
    {
        using var http = new HttpClient { BaseAddress = _model.BaseUrl };
        using var response = await http.PostAsJsonAsync("/v1/messages", new { model = "m", messages = Array.Empty<object>() }, Cancellation);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"model":"m","messages":[7]}""")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x {{model: nonsense=1}}"}]}""")]
    public async Task Request_Unreadable_IsABadRequestWithTheReason(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _client.Http.PostAsync(new Uri("/v1/messages", UriKind.Relative), content, Cancellation);

        var error = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.NotEqual("", error.GetProperty("error").GetProperty("message").GetString());
    }

    [Fact]
    public async Task Path_Unknown_IsNotFound()
    {
        using var response = await _client.Http.GetAsync(new Uri("/v1/nothing", UriKind.Relative), Cancellation);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }
}
