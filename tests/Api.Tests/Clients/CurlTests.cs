using System.Text.Json;
using FunctionsBroker.TestKit.Running;

namespace FunctionsBroker.Api.Tests.Clients;

/// <summary><c>curl</c>, as the README shows it.</summary>
public sealed class CurlTests(ApiFixture fixture) : ApiTest(fixture)
{
    [Fact(Timeout = LongTest)]
    public async Task Curl_submits_a_turn_and_has_its_reply()
    {
        var session = NewId("curl");

        var answer = await CurlAsync($"api/sessions/{session}/turns", "-H", "Idempotency-Key: message-4711", "-H", "Prefer: wait=60", "-d", """{"prompt": "Hello!"}""");
        var again = await CurlAsync($"api/sessions/{session}/turns/message-4711");

        Assert.Equal("[1] Hello!", answer.GetProperty("reply").GetProperty("text").GetString());
        Assert.Equal(answer.GetRawText(), again.GetRawText());
    }

    [Fact(Timeout = LongTest)]
    public async Task Curl_has_a_chat_completion()
    {
        var answer = await CurlAsync("v1/chat/completions", "-d", """{"model":"default","messages":[{"role":"user","content":"Hello!"}]}""");

        Assert.Equal("[1] Hello!", answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
    }

    private async Task<JsonElement> CurlAsync(string path, params string[] arguments) =>
        JsonElement.Parse(await ClientProgram.RunAsync(
            "curl", ["-s", new Uri(Endpoints.Front.Url, path).ToString(), "-H", $"x-functions-key: {KeyFor(Endpoints, "/" + path)}", .. arguments]));
}
