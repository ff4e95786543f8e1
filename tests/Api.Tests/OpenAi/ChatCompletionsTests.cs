using System.Net;
using System.Text.Json;
using FunctionsBroker.Contracts.Problems;

namespace FunctionsBroker.Api.Tests.OpenAi;

public sealed class ChatCompletionsTests(ApiFixture fixture) : ApiTest(fixture)
{
    private const string Path = "/v1/chat/completions";

    [Fact(Timeout = LongTest)]
    public async Task A_completion_has_the_answer_and_its_usage()
    {
        using var response = await ChatAsync("hello");

        var completion = await ReadJsonAsync(response);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("chat.completion", completion.GetProperty("object").GetString());
        var choice = Assert.Single(completion.GetProperty("choices").EnumerateArray());
        Assert.Equal("stop", choice.GetProperty("finish_reason").GetString());
        Assert.Equal("[1] hello", choice.GetProperty("message").GetProperty("content").GetString());
        var usage = completion.GetProperty("usage");
        Assert.True(usage.GetProperty("prompt_tokens").GetInt64() > 0);
        Assert.Equal(
            usage.GetProperty("total_tokens").GetInt64(),
            usage.GetProperty("prompt_tokens").GetInt64() + usage.GetProperty("completion_tokens").GetInt64());
        var turn = completion.GetProperty("broker");
        Assert.Equal([turn.GetProperty("turn_id").GetString()], response.Headers.GetValues("x-turn-id"));
        Assert.Equal([turn.GetProperty("session_id").GetString()], response.Headers.GetValues("x-session-id"));
    }

    [Fact(Timeout = LongTest)]
    public async Task A_session_goes_on_where_the_native_api_left_it()
    {
        var session = NewId("chat");
        using (await SendAsync(HttpMethod.Post, $"/api/sessions/{session}/turns?wait=60", """{"prompt":"remember colour=green"}"""))
        {
            using var response = await ChatAsync("recall colour", ("x-session-id", session));

            Assert.Equal("[2] green", ContentOf(await ReadJsonAsync(response)));
        }
    }

    [Fact(Timeout = LongTest)]
    public async Task Without_a_session_the_request_tells_the_conversation()
    {
        using var response = await SendAsync(HttpMethod.Post, Path, """
            {"model":"default","messages":[{"role":"user","content":"remember colour=red"},{"role":"assistant","content":"remembered colour"},{"role":"user","content":"recall colour"}]}
            """);

        Assert.Equal("[2] red", ContentOf(await ReadJsonAsync(response)));
    }

    [Fact(Timeout = LongTest)]
    public async Task The_same_key_is_the_same_turn()
    {
        var key = NewId("key");

        using var first = await ChatAsync("once", ("Idempotency-Key", key));
        using var again = await ChatAsync("once", ("Idempotency-Key", key));
        using var other = await ChatAsync("twice", ("Idempotency-Key", key));

        Assert.Equal((await ReadJsonAsync(first)).ToString(), (await ReadJsonAsync(again)).ToString());
        Assert.Equal((HttpStatusCode.UnprocessableEntity, ProblemCodes.IdempotencyConflict), (other.StatusCode, await ProblemOfAsync(other)));
    }

    [Theory(Timeout = LongTest)]
    [InlineData("hello {{model: status=401}}", 502, ProblemCodes.ModelAuthentication, "model_authentication")]
    [InlineData("hello {{model: stop=refusal}}", 400, ProblemCodes.ModelRefused, "content_filter")]
    public async Task A_turn_that_fails_is_an_error_that_names_it(string prompt, int status, string problem, string code)
    {
        using var response = await ChatAsync(prompt);

        var error = (await ReadJsonAsync(response)).GetProperty("error");
        Assert.Equal((status, problem, code), ((int)response.StatusCode, error.GetProperty("problem").GetString(), error.GetProperty("code").GetString()));
        Assert.Single(response.Headers.GetValues("x-turn-id"));
        Assert.Equal(["false"], response.Headers.GetValues("x-should-retry"));
    }

    [Theory(Timeout = LongTest)]
    [InlineData("{", 400, ProblemCodes.InvalidJson)]
    [InlineData("""{"model":"default","messages":[{"role":"user","content":" "}]}""", 400, ProblemCodes.PromptEmpty)]
    [InlineData("""{"model":"no-such","messages":[{"role":"user","content":"x"}]}""", 404, ProblemCodes.UnknownProfile)]
    [InlineData("""{"model":"default","user":"ä","messages":[{"role":"user","content":"x"}]}""", 400, ProblemCodes.InvalidSessionId)]
    public async Task A_request_that_can_be_no_turn_is_an_error(string body, int status, string problem)
    {
        using var response = await SendAsync(HttpMethod.Post, Path, body);

        Assert.Equal((status, problem), ((int)response.StatusCode, await ProblemOfAsync(response)));
    }

    [Theory(Timeout = LongTest)]
    [InlineData("POST", Path)]
    [InlineData("GET", "/v1/models")]
    [InlineData("GET", "/v1/models/default")]
    public async Task A_wrong_key_is_an_error(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Add("Authorization", "Bearer wrong");
        using var response = await Fixture.Http.SendAsync(request, Cancellation);

        Assert.Equal((HttpStatusCode.Unauthorized, ProblemCodes.Unauthorized), (response.StatusCode, await ProblemOfAsync(response)));
    }

    [Fact(Timeout = LongTest)]
    public async Task A_model_that_is_no_profile_is_an_error()
    {
        using var response = await SendAsync(HttpMethod.Get, "/v1/models/no-such");

        Assert.Equal((HttpStatusCode.NotFound, ProblemCodes.UnknownProfile), (response.StatusCode, await ProblemOfAsync(response)));
    }

    [Fact(Timeout = LongTest)]
    public async Task A_stream_has_the_pieces_of_the_answer()
    {
        using var response = await SendAsync(HttpMethod.Post, Path, """{"model":"default","stream":true,"messages":[{"role":"user","content":"hello"}]}""");

        var events = (await response.Content.ReadAsStringAsync(Cancellation)).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Single(response.Headers.GetValues("x-turn-id"));
        Assert.All(events, told => Assert.StartsWith("data: ", told, StringComparison.Ordinal));
        Assert.Equal("data: [DONE]", events[^1]);
        Assert.Equal("[1] hello", string.Concat(events[..^1].Select(ContentOfPiece)));
    }

    [Fact(Timeout = LongTest)]
    public async Task A_stream_of_a_turn_that_was_refused_is_an_error_with_its_status()
    {
        using var response = await SendAsync(HttpMethod.Post, Path, """{"model":"no-such","stream":true,"messages":[{"role":"user","content":"hello"}]}""");

        Assert.Equal((HttpStatusCode.NotFound, ProblemCodes.UnknownProfile), (response.StatusCode, await ProblemOfAsync(response)));
    }

    private static string? ContentOfPiece(string told) =>
        JsonElement.Parse(told["data: ".Length..]).GetProperty("choices")[0].GetProperty("delta").TryGetProperty("content", out var content)
            ? content.GetString()
            : null;

    private Task<HttpResponseMessage> ChatAsync(string prompt, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, Path, $$"""{"model":"default","messages":[{"role":"user","content":"{{JsonEncodedText.Encode(prompt)}}"}]}""", headers);

    private static string? ContentOf(JsonElement completion) =>
        completion.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString();

    private static async Task<string?> ProblemOfAsync(HttpResponseMessage response) =>
        (await ReadJsonAsync(response)).GetProperty("error").GetProperty("problem").GetString();
}
