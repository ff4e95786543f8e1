using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using FunctionsBroker.Contracts.Events;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Functions.Hosts;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Functions.Events;

/// <summary>Listens to turns at their hosts, and takes decisions there.</summary>
internal sealed class HostEventsClient(HttpClient http)
{
    private const string LastEventId = "Last-Event-ID";

    /// <returns>Null when the host does not answer, does not know the turn, or has nothing more to tell of it.</returns>
    public async Task<HostEventStream?> ListenAsync(
        HostRecord host,
        SessionId session,
        TurnId turn,
        string? lastEventId,
        CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host.Url, $"sessions/{PathSegment.Of(session)}/turns/{PathSegment.Of(turn)}/events"));
        if (lastEventId is not null)
        {
            request.Headers.TryAddWithoutValidation(LastEventId, lastEventId);
        }

        HttpResponseMessage? response = null;
        try
        {
            response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                var stream = new HostEventStream(response, await response.Content.ReadAsStreamAsync(cancellationToken));
                response = null;
                return stream;
            }
        }
        catch (Exception exception) when (HostSilence.Is(exception, cancellationToken))
        {
            // Asked again, or elsewhere, when the turn's row says so.
        }
        finally
        {
            response?.Dispose();
        }

        return null;
    }

    /// <summary>Hands on what somebody has decided about a tool's question.</summary>
    /// <returns>Null when it counts; else why it does not.</returns>
    public async Task<Problem?> DecideAsync(
        HostRecord host,
        SessionId session,
        string requestId,
        PermissionAnswer answer,
        CancellationToken cancellationToken)
    {
        var url = new Uri(host.Url, $"sessions/{PathSegment.Of(session)}/permissions/{Uri.EscapeDataString(requestId)}");
        try
        {
            using var response = await http.PostAsJsonAsync(url, answer, ContractsJsonContext.Default.PermissionAnswer, cancellationToken);
            return response.IsSuccessStatusCode
                ? null
                : await response.Content.ReadFromJsonAsync(ContractsJsonContext.Default.Problem, cancellationToken);
        }
        catch (Exception exception) when (HostSilence.Is(exception, cancellationToken))
        {
            return ProblemCatalogue.HostUnreachable(host.HostId);
        }
    }
}

/// <summary>The events of a turn as its host tells them. For one reader.</summary>
internal sealed class HostEventStream : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly CancellationTokenSource _closing = new();
    private readonly IAsyncEnumerator<SseItem<TurnEvent?>> _items;
    private Task<NumberedEvent?> _reading = Task.FromResult<NumberedEvent?>(null);

    public HostEventStream(HttpResponseMessage response, Stream body)
    {
        _response = response;
        _items = SseParser.Create(body, TurnEventJson.Read).EnumerateAsync(_closing.Token).GetAsyncEnumerator(_closing.Token);
    }

    /// <summary>The next event; call it again only when it has completed.</summary>
    /// <returns>Null at the end of the stream, also when it broke off.</returns>
    public Task<NumberedEvent?> ReadAsync() => _reading = ReadNextAsync();

    public async ValueTask DisposeAsync()
    {
        // An enumerator may not be disposed of in the middle of a step.
        await _closing.CancelAsync();
        _response.Dispose();
        await _reading;
        await _items.DisposeAsync();
        _closing.Dispose();
    }

    private async Task<NumberedEvent?> ReadNextAsync()
    {
        try
        {
            while (await _items.MoveNextAsync())
            {
                // A host of a later version may tell more than this one knows.
                if (_items.Current is { Data: { } turnEvent, EventId: { } id })
                {
                    return new NumberedEvent(id, turnEvent);
                }
            }

            return null;
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or JsonException or ObjectDisposedException or OperationCanceledException)
        {
            // The host went away, or the listener did; who still listens asks again from the last event that came.
            return null;
        }
    }
}
