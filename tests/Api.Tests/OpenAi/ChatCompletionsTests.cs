using System.Net;
using FunctionsBroker.Contracts.Problems;

namespace FunctionsBroker.Api.Tests.OpenAi;

public sealed class ChatCompletionsTests(ApiFixture fixture) : ChatTest(fixture)
{
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
    public async Task A_request_that_can_be_no_turn_is_an_error(string body, int status, string problem)
    {
        using var response = await SendAsync(HttpMethod.Post, Path, body);

        Assert.Equal((status, problem), ((int)response.StatusCode, await ProblemOfAsync(response)));
    }

    [Fact(Timeout = LongTest)]
    public async Task A_session_id_that_is_none_is_an_error()
    {
        using var response = await ChatAsync("hello", ("x-session-id", ".."));

        Assert.Equal((HttpStatusCode.BadRequest, ProblemCodes.InvalidSessionId), (response.StatusCode, await ProblemOfAsync(response)));
    }

    [Theory(Timeout = LongTest)]
    [InlineData("GET", "/v1/chat/completions")]
    [InlineData("POST", "/v1/models")]
    [InlineData("POST", "/v1/embeddings")]
    [InlineData("DELETE", "/v1/models/default")]
    [InlineData("GET", "/v1/")]
    public async Task A_call_that_does_not_exist_is_an_error(string method, string path)
    {
        using var response = await SendAsync(new HttpMethod(method), path, method == "POST" ? "{}" : null);

        Assert.Equal((HttpStatusCode.NotFound, ProblemCodes.CallNotFound), (response.StatusCode, await ProblemOfAsync(response)));
    }

    [Fact(Timeout = LongTest)]
    public async Task A_key_in_the_address_opens_nothing()
    {
        using var response = await Fixture.Http.GetAsync(new Uri($"/v1/models?code={Endpoints.Front.OpenAiKey}", UriKind.Relative), Cancellation);

        Assert.Equal((HttpStatusCode.Unauthorized, ProblemCodes.Unauthorized), (response.StatusCode, await ProblemOfAsync(response)));
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
    public async Task Each_api_has_keys_of_its_own()
    {
        using var models = await SendAsync(HttpMethod.Get, "/v1/models", null, ("Authorization", $"Bearer {Endpoints.Front.Key}"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/sessions");
        request.Headers.Add("x-functions-key", Endpoints.Front.OpenAiKey);
        using var sessions = await Fixture.Http.SendAsync(request, Cancellation);

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (models.StatusCode, sessions.StatusCode));
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

        var events = await ReadEventsAsync(response);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Single(response.Headers.GetValues("x-turn-id"));
        Assert.All(events, told => Assert.StartsWith("data: ", told, StringComparison.Ordinal));
        Assert.Equal("data: [DONE]", events[^1]);
        Assert.Equal("[1] hello", TextOf(events));
    }

    [Fact(Timeout = LongTest)]
    public async Task A_stream_of_a_turn_that_was_refused_is_an_error_with_its_status()
    {
        using var response = await SendAsync(HttpMethod.Post, Path, """{"model":"no-such","stream":true,"messages":[{"role":"user","content":"hello"}]}""");

        Assert.Equal((HttpStatusCode.NotFound, ProblemCodes.UnknownProfile), (response.StatusCode, await ProblemOfAsync(response)));
    }
}
