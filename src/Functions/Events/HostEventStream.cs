using System.Net.ServerSentEvents;
using System.Text.Json;
using FunctionsBroker.Contracts.Events;

namespace FunctionsBroker.Functions.Events;

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
