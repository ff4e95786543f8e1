using System.Text.Json;

namespace FunctionsBroker.Api.Tests.OpenAi;

/// <summary>What tests of <c>POST /v1/chat/completions</c> have in common.</summary>
public abstract class ChatTest(ApiFixture fixture) : ApiTest(fixture)
{
    protected const string Path = "/v1/chat/completions";

    private const string Data = "data: ";

    protected static (string Role, string Text) System(string text) => ("system", text);

    protected static (string Role, string Text) User(string text) => ("user", text);

    protected static (string Role, string Text) Assistant(string text) => ("assistant", text);

    protected Task<HttpResponseMessage> ChatAsync(string prompt, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, Path, Body([User(prompt)]), headers);

    /// <summary>Asks, and is answered.</summary>
    protected async Task<ChatAnswer> AskAsync(IReadOnlyList<(string Role, string Text)> messages, params (string Name, string Value)[] headers)
    {
        using var response = await SendAsync(HttpMethod.Post, Path, Body(messages), headers);
        var completion = await ReadJsonAsync(response);
        Assert.True(response.IsSuccessStatusCode, completion.ToString());
        var turn = completion.GetProperty("broker");
        return new ChatAnswer(ContentOf(completion)!, turn.GetProperty("session_id").GetString()!, turn.GetProperty("turn_id").GetString()!);
    }

    /// <param name="more">Further members, each with a comma behind it.</param>
    protected static string Body(IReadOnlyList<(string Role, string Text)> messages, string more = "")
    {
        var said = messages.Select(message => $$"""{"role":"{{message.Role}}","content":"{{JsonEncodedText.Encode(message.Text)}}"}""");
        return $$"""{"model":"default",{{more}}"messages":[{{string.Join(',', said)}}]}""";
    }

    protected static string? ContentOf(JsonElement completion) =>
        completion.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString();

    protected static async Task<string?> ProblemOfAsync(HttpResponseMessage response) =>
        (await ReadJsonAsync(response)).GetProperty("error").GetProperty("problem").GetString();

    protected static async Task<string[]> ReadEventsAsync(HttpResponseMessage response) =>
        (await response.Content.ReadAsStringAsync(Cancellation)).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);

    /// <summary>What a stream told, up to its <c>[DONE]</c>.</summary>
    protected static string TextOf(string[] events) => string.Concat(events[..^1].Select(ContentOfPiece));

    private static string? ContentOfPiece(string told) =>
        JsonElement.Parse(told[Data.Length..]).GetProperty("choices")[0].GetProperty("delta").TryGetProperty("content", out var content)
            ? content.GetString()
            : null;

    protected sealed record ChatAnswer(string Text, string Session, string Turn);
}
