using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using FunctionsBroker.Contracts.Endpoints;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.EndToEnd;

/// <summary>Calls the front as any client would.</summary>
public sealed class BrokerApi(Func<EndpointsFile> endpoints)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);
    private static readonly HttpClient s_http = new() { Timeout = TimeSpan.FromMinutes(4) };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Submits a turn and waits for its end.</summary>
    public async Task<TurnResource> AskAsync(string session, string prompt, string? turnId = null, string? replyTo = null)
    {
        using var response = await SubmitAsync(session, new SubmitTurnRequest { Prompt = prompt, ReplyTo = replyTo }, turnId, waitSeconds: 60);
        return await ReadEndedAsync(session, response);
    }

    public async Task<HttpResponseMessage> SubmitAsync(string session, SubmitTurnRequest body, string? turnId = null, int waitSeconds = 0)
    {
        using var request = NewRequest(HttpMethod.Post, $"{PathOf(session)}/turns");
        request.Content = JsonContent.Create(body, ContractsJsonContext.Default.SubmitTurnRequest);
        if (turnId is not null)
        {
            request.Headers.Add("Idempotency-Key", turnId);
        }

        if (waitSeconds > 0)
        {
            request.Headers.Add("Prefer", $"wait={waitSeconds}");
        }

        return await s_http.SendAsync(request, Cancellation);
    }

    public async Task<HttpResponseMessage> PostRawAsync(string path, string body, string? key = null, string? openAiSession = null)
    {
        using var request = NewRequest(HttpMethod.Post, path, key);
        if (openAiSession is not null)
        {
            request.Headers.Add("x-session-id", openAiSession);
        }

        request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        return await s_http.SendAsync(request, Cancellation);
    }

    /// <summary>Cancels a turn and waits for its end.</summary>
    public async Task<TurnResource> CancelAsync(string session, string turnId)
    {
        using var response = await PostRawAsync($"{PathOf(session)}/turns/{Uri.EscapeDataString(turnId)}/cancel?wait=60", string.Empty);
        return await ReadEndedAsync(session, response);
    }

    /// <summary>Waits until a turn has ended, through restarts of the front.</summary>
    public async Task<TurnResource> WaitForEndAsync(string session, string turnId)
    {
        TurnResource? turn = null;
        await Eventually.BecomesTrueAsync(
            async () => (turn = await FindTurnAsync(session, turnId))?.Status.IsTerminal() == true,
            Cancellation,
            s_patience);
        return turn!;
    }

    public async Task<HttpResponseMessage> GetAsync(string path, string? key = null)
    {
        using var request = NewRequest(HttpMethod.Get, path, key);
        return await s_http.SendAsync(request, Cancellation);
    }

    /// <summary>Listens to a turn from where a listener has left off.</summary>
    public async Task<HttpResponseMessage> ListenAsync(string session, string turnId, string? lastEventId = null)
    {
        using var request = NewRequest(HttpMethod.Get, $"{PathOf(session)}/turns/{Uri.EscapeDataString(turnId)}/events");
        if (lastEventId is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        }

        return await s_http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
    }

    /// <returns>The turn, or null while the front cannot be asked.</returns>
    public async Task<TurnResource?> FindTurnAsync(string session, string turnId)
    {
        try
        {
            using var response = await GetAsync($"{PathOf(session)}/turns/{Uri.EscapeDataString(turnId)}");
            return response.IsSuccessStatusCode ? await ReadTurnAsync(response) : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    public static string PathOf(string session) => $"/api/sessions/{Uri.EscapeDataString(session)}";

    public static async Task<TurnResource> ReadTurnAsync(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync(ContractsJsonContext.Default.TurnResource, Cancellation))!;

    public static async Task<Problem> ReadProblemAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.Content.Headers.ContentType?.MediaType == "application/problem+json", $"{(int)response.StatusCode} {text}");
        return JsonSerializer.Deserialize(text, ContractsJsonContext.Default.Problem)!;
    }

    // The caller who waits is answered after a minute, whether the turn has ended or not.
    private async Task<TurnResource> ReadEndedAsync(string session, HttpResponseMessage response)
    {
        Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.Accepted, await response.Content.ReadAsStringAsync(Cancellation));
        var turn = await ReadTurnAsync(response);
        return turn.Status.IsTerminal() ? turn : await WaitForEndAsync(session, turn.TurnId);
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path)
    {
        using var request = NewRequest(method, path);
        return await s_http.SendAsync(request, Cancellation);
    }

    private HttpRequestMessage NewRequest(HttpMethod method, string path, string? key = null)
    {
        var front = endpoints().Front;
        var request = new HttpRequestMessage(method, new Uri(front.Url, path));
        request.Headers.Add("x-functions-key", key ?? (path.StartsWith("/v1", StringComparison.Ordinal) ? front.OpenAiKey : front.Key));
        return request;
    }
}
