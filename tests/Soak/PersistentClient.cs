using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using FunctionsBroker.Contracts.Endpoints;
using FunctionsBroker.Contracts.Events;
using FunctionsBroker.Contracts.Queues;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.Soak;

/// <summary>A caller as it should be: it asks again, with the same key, until it is answered.</summary>
internal sealed class PersistentClient(Func<EndpointsFile> endpoints)
{
    private const int WaitSeconds = 20;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(300);
    private static readonly HttpClient s_http = new() { Timeout = TimeSpan.FromSeconds(60) };

    public QueueWriter Queue { get; } = new(endpoints);

    /// <summary>Submits a turn until it is known to be kept.</summary>
    /// <returns>The turn as it then was.</returns>
    public Task<TurnResource> SubmitAsync(SoakTurn turn, bool wait, CancellationToken cancellationToken) =>
        UntilAnsweredAsync(
            () =>
            {
                var request = NewRequest(HttpMethod.Post, $"/api/sessions/{turn.SessionId}/turns");
                request.Headers.Add("Idempotency-Key", turn.Id);
                if (wait)
                {
                    request.Headers.Add("Prefer", $"wait={WaitSeconds}");
                }

                request.Content = JsonContent.Create(
                    new SubmitTurnRequest { Prompt = turn.Prompt, ReplyTo = QueueNames.Replies },
                    ContractsJsonContext.Default.SubmitTurnRequest);
                return request;
            },
            cancellationToken);

    /// <summary>Looks at a turn until it has ended.</summary>
    public async Task<TurnResource> EndAsync(SoakTurn turn, CancellationToken cancellationToken)
    {
        while (true)
        {
            var now = await UntilAnsweredAsync(() => NewRequest(HttpMethod.Get, $"/api/sessions/{turn.SessionId}/turns/{turn.Id}"), cancellationToken);
            if (now.Status.IsTerminal())
            {
                return now;
            }

            await Task.Delay(s_pause, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>Listens to a turn until it has heard the end, from where it was cut off.</summary>
    public async Task<HeardTurn> ListenAsync(SoakTurn turn, CancellationToken cancellationToken)
    {
        var heard = new HeardTurn();
        string? lastId = null;
        while (heard.Ends.Count == 0)
        {
            try
            {
                using var request = NewRequest(HttpMethod.Get, $"/api/sessions/{turn.SessionId}/turns/{turn.Id}/events");
                if (lastId is not null)
                {
                    request.Headers.Add("Last-Event-ID", lastId);
                }

                using var response = await s_http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                if (response.StatusCode == HttpStatusCode.OK)
                {
                    heard.Connections++;
                    await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
                    await foreach (var item in SseParser.Create(body, (name, data) => TurnEventJson.Read(name, data)).EnumerateAsync(cancellationToken))
                    {
                        heard.Accept(item.Data!);
                        lastId = item.EventId ?? lastId;
                    }
                }
                else
                {
                    Refuse(response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
                }
            }
            catch (Exception exception) when (IsCutOff(exception, cancellationToken))
            {
                // The front was killed; another one is on its way.
            }

            if (heard.Ends.Count == 0)
            {
                await Task.Delay(s_pause, TimeProvider.System, cancellationToken);
            }
        }

        return heard;
    }

    private static async Task<TurnResource> UntilAnsweredAsync(Func<HttpRequestMessage> ask, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                using var request = ask();
                using var response = await s_http.SendAsync(request, cancellationToken);
                if (response.IsSuccessStatusCode)
                {
                    return (await response.Content.ReadFromJsonAsync(ContractsJsonContext.Default.TurnResource, cancellationToken))!;
                }

                Refuse(response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
            }
            catch (Exception exception) when (IsCutOff(exception, cancellationToken))
            {
                // As above.
            }

            await Task.Delay(s_pause, TimeProvider.System, cancellationToken);
        }
    }

    // What is not the server's passing trouble is an answer, and here a wrong one.
    private static void Refuse(HttpStatusCode status, string body) =>
        Assert.True(status is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError, $"{(int)status} {body}");

    private static bool IsCutOff(Exception exception, CancellationToken cancellationToken) =>
        exception is HttpRequestException or IOException or System.Text.Json.JsonException
        || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private HttpRequestMessage NewRequest(HttpMethod method, string path)
    {
        var front = endpoints().Front;
        var request = new HttpRequestMessage(method, new Uri(front.Url, path));
        request.Headers.Add("x-functions-key", front.Key);
        return request;
    }
}
