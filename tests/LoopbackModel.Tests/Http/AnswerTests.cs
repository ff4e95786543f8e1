using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace FunctionsBroker.LoopbackModel.Tests.Http;

public sealed class AnswerTests : IAsyncLifetime
{
    private LoopbackModelServer _model = null!;
    private ModelClient _client = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _model = await LoopbackModelServer.StartAsync(new LoopbackModelOptions { RequestHistory = 3 }, Cancellation);
        _client = new ModelClient(_model);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _model.DisposeAsync();
    }

    [Theory]
    [InlineData("[1] plain", "plain")]
    [InlineData("[3] a", "a", "b", "what did I say two turns ago?")]
    [InlineData("[3] b", "a", "b {{model: delay=1ms}}", "tell me, what did I say 1 turn ago")]
    [InlineData("[1] there was no such turn", "what did I say 5 turns ago?")]
    [InlineData("[1] remembered k", "remember k=v w")]
    [InlineData("[3] new", "remember k=old", "remember k=new", "recall k")]
    [InlineData("[1] nothing is known of k", "recall k")]
    [InlineData("[1] word1 word2 word3", "repeat 3 words")]
    public async Task Ask_Phrase_IsAnsweredByItsRule(string answer, params string[] turns) =>
        Assert.Equal(answer, await _client.AskAsync(Cancellation, turns));

    [Fact]
    public async Task Stream_Answer_HasTheEventsOfTheApiInOrder()
    {
        using var response = await _client.SendAsync("repeat 5 words {{model: chunk=12}}", stream: true, Cancellation);

        var events = await ModelClient.EventsAsync(response, Cancellation);

        Assert.Equal(
            ["message_start", "ping", "content_block_start", "content_block_delta", "content_block_delta", "content_block_delta", "content_block_stop", "message_delta", "message_stop"],
            events.Select(ModelClient.TypeOf));
        Assert.Equal("[1] word1 word2 word3 word4 word5", ModelClient.TextOf(events));
        Assert.Equal("end_turn", events[^2].GetProperty("delta").GetProperty("stop_reason").GetString());
    }

    [Fact]
    public async Task Stream_ChunkWithinASurrogatePair_KeepsThePairWhole()
    {
        using var response = await _client.SendAsync("🐋🐋🐋🐋 {{model: chunk=1}}", stream: true, Cancellation);

        var events = await ModelClient.EventsAsync(response, Cancellation);

        Assert.Equal("[1] 🐋🐋🐋🐋", ModelClient.TextOf(events));
    }

    [Fact]
    public async Task Stream_ToolPhrase_IsAToolCall()
    {
        using var response = await _client.SendAsync("""call tool Read {"file_path":"/x"}""", stream: true, Cancellation);

        var events = await ModelClient.EventsAsync(response, Cancellation);

        var start = events.Single(element => ModelClient.TypeOf(element) == "content_block_start").GetProperty("content_block");
        Assert.Equal(("tool_use", "Read"), (ModelClient.TypeOf(start), start.GetProperty("name").GetString()));
        Assert.Equal("tool_use", events[^2].GetProperty("delta").GetProperty("stop_reason").GetString());
    }

    [Fact]
    public async Task Response_SaysHowLongTheModelTook()
    {
        using var response = await _client.SendAsync("timed {{model: delay=30ms}}", stream: true, Cancellation);
        var body = await response.Content.ReadAsStringAsync(Cancellation);

        var headers = double.Parse(response.Headers.GetValues("x-model-ms").Single(), CultureInfo.InvariantCulture);
        var comment = body.Split('\n').Single(line => line.StartsWith(": x-model-ms ", StringComparison.Ordinal));
        var total = double.Parse(comment[": x-model-ms ".Length..], CultureInfo.InvariantCulture);
        Assert.InRange(headers, 29, 2000);
        Assert.InRange(total, headers, 2000);
        var logged = await _model.WaitForRequestAsync(request => request.TotalMs is not null, Cancellation);
        Assert.Equal(headers, logged.HeadersMs!.Value, tolerance: 0.001);
        Assert.True(logged.TotalMs >= total - 0.001);
    }

    [Fact]
    public async Task CountTokens_CountsAllThatIsSent()
    {
        var body = new { model = "m", messages = new[] { new { role = "user", content = new string('x', 400) } } };

        using var response = await _client.Http.PostAsJsonAsync("/v1/messages/count_tokens", body, Cancellation);

        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal(100, answer.GetProperty("input_tokens").GetInt32());
    }

    [Fact]
    public async Task Control_RequestsAreListedBoundedAndForgotten()
    {
        foreach (var prompt in (string[])["a", "b", "c", "d"])
        {
            await _client.AskAsync(Cancellation, prompt);
        }

        var listed = await _client.Http.GetFromJsonAsync<JsonElement>("/_control/requests", Cancellation);
        var ofOne = await _client.Http.GetFromJsonAsync<JsonElement>("/_control/requests?conversation=anonymous:c", Cancellation);
        using var deleted = await _client.Http.DeleteAsync(new Uri("/_control", UriKind.Relative), Cancellation);

        Assert.Equal(4, listed.GetProperty("count").GetInt32());
        Assert.Equal(["b", "c", "d"], listed.GetProperty("requests").EnumerateArray().Select(request => request.GetProperty("prompt").GetString()!));
        Assert.Equal(3, Assert.Single(ofOne.GetProperty("requests").EnumerateArray()).GetProperty("sequence").GetInt32());
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Empty(_model.Requests);
    }

    [Fact]
    public async Task Control_Defaults_ApplyToEveryRequestUntilReset()
    {
        using var accepted = await _client.Http.PostAsJsonAsync("/_control", new { defaults = "status=500" }, Cancellation);
        using var refused = await _client.Http.PostAsJsonAsync("/_control", new { defaults = "status=12" }, Cancellation);
        using var failed = await _client.SendAsync("x", stream: false, Cancellation);
        _model.Reset();

        Assert.Equal(HttpStatusCode.NoContent, accepted.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal(HttpStatusCode.InternalServerError, failed.StatusCode);
        Assert.Equal("[1] x", await _client.AskAsync(Cancellation, "x"));
    }

    [Theory]
    [InlineData("GET", HttpStatusCode.OK)]
    [InlineData("HEAD", HttpStatusCode.OK)]
    public async Task Root_Probe_IsAnswered(string method, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/");
        using var response = await _client.Http.SendAsync(request, Cancellation);

        Assert.Equal(status, response.StatusCode);
    }
}
