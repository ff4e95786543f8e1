using System.Net.Http.Json;
using System.Text.Json;

namespace FunctionsBroker.LoopbackModel.Tests.Http;

/// <summary>Talks to the model as any client of the Messages API does.</summary>
internal sealed class ModelClient : IDisposable
{
    private readonly HttpClient _http;

    public ModelClient(LoopbackModelServer model)
    {
        _http = new HttpClient { BaseAddress = model.BaseUrl };
        _http.DefaultRequestHeaders.Add("x-api-key", "anything");
    }

    public HttpClient Http => _http;

    public Task<HttpResponseMessage> SendAsync(string prompt, bool stream, CancellationToken cancellationToken) =>
        SendAsync([prompt], stream, cancellationToken);

    /// <summary>Sends a conversation whose every turn but the last is answered with "ok".</summary>
    public Task<HttpResponseMessage> SendAsync(IReadOnlyList<string> turns, bool stream, CancellationToken cancellationToken)
    {
        var messages = turns.SelectMany(IEnumerable<object> (turn) =>
            [new { role = "user", content = turn }, new { role = "assistant", content = "ok" }]).SkipLast(1);
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/messages")
        {
            Content = JsonContent.Create(new { model = "test-model", max_tokens = 1000, stream, messages }),
        };
        return _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <summary>The text of a whole, unstreamed answer.</summary>
    public async Task<string> AskAsync(CancellationToken cancellationToken, params string[] turns)
    {
        using var response = await SendAsync(turns, stream: false, cancellationToken);
        response.EnsureSuccessStatusCode();
        var body = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return body.GetProperty("content")[0].GetProperty("text").GetString()!;
    }

    /// <summary>The events of a streamed answer, to the end of the stream.</summary>
    public static async Task<IReadOnlyList<JsonElement>> EventsAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return [.. text.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => JsonDocument.Parse(line[6..]).RootElement)];
    }

    public static string TypeOf(JsonElement element) => element.GetProperty("type").GetString()!;

    /// <summary>The text that the deltas of a stream add up to.</summary>
    public static string TextOf(IEnumerable<JsonElement> events) => string.Concat(
        events.Where(element => TypeOf(element) == "content_block_delta").Select(element => element.GetProperty("delta").GetProperty("text").GetString()));

    public void Dispose() => _http.Dispose();
}
