using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.Cli.Conversation;

/// <summary>The front's HTTP API, as any caller uses it.</summary>
internal sealed partial class FrontClient : IDisposable
{
    private const int WaitSeconds = 60;

    private static readonly TimeSpan s_pollInterval = TimeSpan.FromMilliseconds(200);

    private readonly HttpClient _http;
    private readonly TimeProvider _time;

    public FrontClient(Uri url, string key, TimeProvider time)
    {
        // Longer than the server may wait, so that the server's answer comes first.
        _http = new HttpClient { BaseAddress = url, Timeout = TimeSpan.FromSeconds(WaitSeconds * 2) };
        _http.DefaultRequestHeaders.Add("x-functions-key", key);
        _time = time;
    }

    /// <summary>Submits a turn and waits for its end.</summary>
    /// <exception cref="CommandException">The front refuses it; the message is the problem.</exception>
    /// <exception cref="HttpRequestException">The front is not there.</exception>
    public async Task<TurnResource> AskAsync(string sessionId, SubmitTurnRequest request, CancellationToken cancellationToken)
    {
        var turn = await SubmitAsync(sessionId, request, wait: true, cancellationToken);
        return turn.Status.IsTerminal() ? turn : await EndOfAsync(sessionId, turn.TurnId, cancellationToken);
    }

    /// <summary>Submits a turn; with <paramref name="wait"/> the front answers when it has ended, or after a minute.</summary>
    /// <exception cref="CommandException">The front refuses it; the message is the problem.</exception>
    public async Task<TurnResource> SubmitAsync(string sessionId, SubmitTurnRequest request, bool wait, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, $"{SessionPath(sessionId)}/turns");
        message.Content = JsonContent.Create(request, ContractsJsonContext.Default.SubmitTurnRequest);
        if (wait)
        {
            message.Headers.Add("Prefer", string.Create(CultureInfo.InvariantCulture, $"wait={WaitSeconds}"));
        }

        using var response = await _http.SendAsync(message, cancellationToken);
        return await ReadAsync(response, ContractsJsonContext.Default.TurnResource, cancellationToken);
    }

    /// <summary>The turn as it is now.</summary>
    /// <exception cref="CommandException">The front does not know it; the message is the problem.</exception>
    public Task<TurnResource> GetAsync(string sessionId, string turnId, CancellationToken cancellationToken) =>
        GetAsync(TurnPath(sessionId, turnId), ContractsJsonContext.Default.TurnResource, cancellationToken);

    /// <summary>Asks until the turn has ended. A front that is away meanwhile is waited for.</summary>
    public async Task<TurnResource> EndOfAsync(string sessionId, string turnId, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                if (await GetAsync(sessionId, turnId, cancellationToken) is var turn && turn.Status.IsTerminal())
                {
                    return turn;
                }
            }
            catch (HttpRequestException)
            {
                // It is being started again; the turn is kept in storage.
            }

            await Task.Delay(s_pollInterval, _time, cancellationToken);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
        return await ReadAsync(response, type, cancellationToken);
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        await RequireAsync(response, cancellationToken);
        return await response.Content.ReadFromJsonAsync(type, cancellationToken)
            ?? throw new CommandException(ExitCodes.Failure, "the front answered with nothing");
    }

    private static async Task RequireAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw new CommandException(ExitCodes.Failure, await ReasonAsync(response, cancellationToken));
        }
    }

    private static string SessionPath(string sessionId) => $"api/sessions/{Uri.EscapeDataString(sessionId)}";

    private static string TurnPath(string sessionId, string turnId) => $"{SessionPath(sessionId)}/turns/{Uri.EscapeDataString(turnId)}";

    private static async Task<string> ReasonAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        try
        {
            return await response.Content.ReadFromJsonAsync(ContractsJsonContext.Default.Problem, cancellationToken) is { Title: { } } problem
                ? ProblemText.Of(problem)
                : $"the front answered with status {status}";
        }
        catch (JsonException)
        {
            // Something other than the front's own code answered: a proxy, or the runtime before it got there.
            return $"the front answered with status {status}";
        }
    }
}
