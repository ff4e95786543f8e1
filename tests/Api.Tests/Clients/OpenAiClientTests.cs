using System.Text.Json;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.TestKit.Running;

namespace FunctionsBroker.Api.Tests.Clients;

/// <summary>The published npm client <c>openai</c>, with nothing set but its address and its key.</summary>
public sealed class OpenAiClientTests(ApiFixture fixture) : ApiTest(fixture)
{
    [Fact(Timeout = LongTest)]
    public async Task The_openai_client_lists_models_and_talks_in_a_session()
    {
        var seen = JsonElement.Parse(await ClientProgram.RunNodeAsync("openai.mjs", Settings(NewId("openai"))));

        Assert.Contains("default", seen.GetProperty("models").EnumerateArray().Select(model => model.GetString()));
        Assert.Equal("default", seen.GetProperty("model").GetString());
        Assert.Equal("stop", seen.GetProperty("first").GetProperty("finish_reason").GetString());
        Assert.Equal("assistant", seen.GetProperty("first").GetProperty("message").GetProperty("role").GetString());
        Assert.Equal("[2] blue", seen.GetProperty("second").GetString());
        Assert.Equal("[2] two", seen.GetProperty("alone").GetString());
        Assert.True(seen.GetProperty("usage").GetProperty("total_tokens").GetInt64() > 0);
        Assert.Equal(seen.GetProperty("turnId").GetString(), seen.GetProperty("requestId").GetString());
        CheckStream(seen.GetProperty("streamed"));
        CheckErrors(seen.GetProperty("errors"));
    }

    private Dictionary<string, string> Settings(string session) => new()
    {
        ["BASE_URL"] = new Uri(Endpoints.Front.Url, "v1").ToString(),
        ["API_KEY"] = Endpoints.Front.OpenAiKey,
        ["SESSION"] = session,
    };

    private static void CheckStream(JsonElement streamed)
    {
        var pieces = streamed.GetProperty("pieces").EnumerateArray().Select(piece => piece.GetString()).ToList();
        Assert.Equal("[3] " + string.Join(' ', Enumerable.Range(1, 200).Select(number => $"word{number}")), string.Concat(pieces));
        Assert.True(pieces.Count(piece => piece!.Length > 0) > 1);
        Assert.Equal("stop", streamed.GetProperty("finish").GetString());
        Assert.True(streamed.GetProperty("usage").GetProperty("completion_tokens").GetInt64() > 0);
    }

    private static void CheckErrors(JsonElement errors)
    {
        Assert.Equal(("NotFoundError", 404, "model_not_found", "model"), ErrorOf(errors, "model"));
        Assert.Equal(("AuthenticationError", 401, "invalid_api_key", null), ErrorOf(errors, "key"));
        Assert.Equal(("BadRequestError", 400, ProblemCodes.PromptEmpty, "messages"), ErrorOf(errors, "prompt"));
        Assert.Equal(("UnprocessableEntityError", 422, ProblemCodes.UnsupportedOption, "tools"), ErrorOf(errors, "tools"));
        Assert.Equal(ProblemCodes.ModelAuthentication, errors.GetProperty("streamFailed").GetProperty("code").GetString());
        Assert.Equal(("InternalServerError", 502, ProblemCodes.ModelAuthentication, null), ErrorOf(errors, "failed"));
    }

    private static (string? Type, int Status, string? Code, string? Param) ErrorOf(JsonElement errors, string name)
    {
        var error = errors.GetProperty(name);
        return (
            error.GetProperty("type").GetString(),
            error.GetProperty("status").GetInt32(),
            error.GetProperty("code").GetString(),
            error.GetProperty("param").GetString());
    }
}
