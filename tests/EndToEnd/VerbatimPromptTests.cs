using System.Text.Json;
using System.Text.Json.Nodes;
using FunctionsBroker.Contracts.Queues;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.EndToEnd;

/// <summary>Whichever way a prompt comes in, the model sees its text and nothing that the CLI would make of it.</summary>
/// <remarks>The ways out, the transports, have the same test in SessionHost.Tests.</remarks>
public sealed class VerbatimPromptTests(BrokerFixture broker) : EndToEndTest(broker)
{
    [Theory(Timeout = LongTest)]
    [InlineData("http")]
    [InlineData("queue")]
    [InlineData("openai")]
    [InlineData("inject")]
    public async Task Whatever_a_prompt_mentions_or_begins_with_it_is_text(string way)
    {
        using var secrets = new TempDirectory();
        var secret = "canary" + Guid.NewGuid().ToString("N");
        var file = secrets.Combine("plain.txt");
        await File.WriteAllTextAsync(file, secret, Cancellation);
        await File.WriteAllTextAsync(secrets.Combine(secret), "", Cancellation);
        string[] prompts = [$"summarise @{file}", $"@\"{file}\" please", $"and @{secrets.Path}/", $"@{file}#L1-2", "/cost", "/clear", "\uFEFF/cost", $"!cat {file}"];
        var session = NewId(way);

        foreach (var (number, prompt) in prompts.Index())
        {
            Assert.Equal($"[{number + 1}] {prompt}", await AskAsync(way, session, prompt));
        }

        Assert.EndsWith("found 0 times beside what you said", await AskAsync(way, session, $"search {secret}"), StringComparison.Ordinal);
    }

    private async Task<string?> AskAsync(string way, string session, string prompt)
    {
        switch (way)
        {
            case "http":
                return (await Api.AskAsync(session, prompt)).Reply?.Text;
            case "queue":
                var turn = NewId("queued");
                await SendAsync(new TurnMessage { TurnId = turn, SessionId = session, Prompt = prompt });
                return (await Broker.Replies.WaitAsync(turn)).Text;
            case "openai":
                var chat = new JsonObject
                {
                    ["model"] = "default",
                    ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = prompt }),
                };
                var answer = await PostAsync("/v1/chat/completions", chat, session);
                return answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString();
            default:
                var injected = await PostAsync("/api/inject", new JsonObject { ["session_id"] = session, ["prompt"] = prompt });
                return injected.GetProperty("reply").GetProperty("text").GetString();
        }
    }

    private async Task<JsonElement> PostAsync(string path, JsonObject body, string? openAiSession = null)
    {
        using var response = await Api.PostRawAsync(path, body.ToJsonString(), openAiSession: openAiSession);
        return JsonElement.Parse(await response.Content.ReadAsStringAsync(Cancellation));
    }
}
