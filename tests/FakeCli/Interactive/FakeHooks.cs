using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace FunctionsBroker.FakeCli.Interactive;

/// <summary>Reports events to the addresses that the settings give, as the CLI's own hooks of the type <c>http</c> do.</summary>
internal sealed class FakeHooks(FakeOptions options) : IDisposable
{
    private readonly JsonNode _hooks = JsonNode.Parse(File.ReadAllText(options.Settings))!["hooks"]!;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>Waits for the answer, as the CLI does; what goes wrong stops nothing.</summary>
    public async Task SendAsync(string name, JsonObject payload)
    {
        payload["hook_event_name"] = name;
        payload["session_id"] = options.SessionId;
        payload["transcript_path"] = options.Transcript;
        var body = payload.ToJsonString();
        foreach (var hook in _hooks[name]?.AsArray().SelectMany(group => group!["hooks"]!.AsArray()) ?? [])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, (string)hook!["url"]!);
            request.Content = new StringContent(body, Encoding.UTF8, MediaTypeHeaderValue.Parse("application/json"));
            foreach (var (header, value) in hook["headers"]?.AsObject() ?? [])
            {
                request.Headers.TryAddWithoutValidation(header, (string)value!);
            }

            try
            {
                using var response = await _http.SendAsync(request);
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
            {
                await Console.Out.WriteAsync($"{name} hook: {exception.Message}\r\n");
            }
        }
    }

    public void Dispose() => _http.Dispose();
}
