using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using FunctionsBroker.Contracts.Events;
using FunctionsBroker.Contracts.Serialization;

namespace FunctionsBroker.Cli.Conversation;

/// <summary>Listening to turns, and answering what they ask.</summary>
internal sealed partial class FrontClient
{
    /// <summary>What happens in a turn, from its acceptance to its one end. A front that goes away meanwhile is waited for.</summary>
    /// <exception cref="CommandException">The front does not know the turn; the message is the problem.</exception>
    /// <exception cref="HttpRequestException">The front is not there to begin with.</exception>
    public async IAsyncEnumerable<TurnEvent> ListenAsync(
        string sessionId,
        string turnId,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? lastId = null;
        while (true)
        {
            using var response = await OpenAsync(sessionId, turnId, lastId, cancellationToken);
            if (response is not null)
            {
                var body = await response.Content.ReadAsStreamAsync(cancellationToken);
                await using var items = SseParser.Create(body, TurnEventJson.Read).EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
                while (await MoveAsync(items))
                {
                    lastId = items.Current.EventId ?? lastId;
                    if (items.Current.Data is { } turnEvent)
                    {
                        yield return turnEvent;
                        if (turnEvent.IsLast)
                        {
                            yield break;
                        }
                    }
                }
            }

            await Task.Delay(s_pollInterval, _time, cancellationToken);
        }
    }

    /// <summary>Answers a tool's question.</summary>
    /// <exception cref="CommandException">The answer does not count; the message is the problem.</exception>
    public async Task DecideAsync(string sessionId, string requestId, PermissionAnswer answer, CancellationToken cancellationToken)
    {
        var url = new Uri($"{SessionPath(sessionId)}/permissions/{Uri.EscapeDataString(requestId)}", UriKind.Relative);
        using var response = await _http.PostAsJsonAsync(url, answer, ContractsJsonContext.Default.PermissionAnswer, cancellationToken);
        await RequireAsync(response, cancellationToken);
    }

    /// <returns>Null while the front is away.</returns>
    private async Task<HttpResponseMessage?> OpenAsync(string sessionId, string turnId, string? lastId, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{TurnPath(sessionId, turnId)}/events");
        if (lastId is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastId);
        }

        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException) when (lastId is not null)
        {
            // It is being started again; the turn is kept in storage.
            return null;
        }

        if (response.StatusCode == HttpStatusCode.OK)
        {
            return response;
        }

        using (response)
        {
            return lastId is not null && (int)response.StatusCode >= 500
                ? null
                : throw new CommandException(ExitCodes.Failure, await ReasonAsync(response, cancellationToken));
        }
    }

    /// <returns>False at the end of the stream, also when it broke off.</returns>
    private static async Task<bool> MoveAsync(IAsyncEnumerator<SseItem<TurnEvent?>> items)
    {
        try
        {
            return await items.MoveNextAsync();
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            // The rest is asked for again.
            return false;
        }
    }
}
