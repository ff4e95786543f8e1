using System.Net;
using System.Net.ServerSentEvents;
using FunctionsBroker.Contracts.Events;

namespace FunctionsBroker.EndToEnd;

/// <summary>Listens to a turn as a browser does: it comes back with the last id that it has, wherever the front is then.</summary>
public sealed class EventListener(BrokerApi api, string session, string turnId) : IAsyncDisposable
{
    private HttpResponseMessage? _response;
    private IAsyncEnumerator<SseItem<TurnEvent?>>? _items;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public string? LastId { get; private set; }

    public List<TurnEvent> Heard { get; } = [];

    /// <summary>How often a connection was made.</summary>
    public int Connections { get; private set; }

    /// <summary>What a screen would show now.</summary>
    public string Text { get; private set; } = string.Empty;

    /// <summary>The names of what was heard, each once in a row.</summary>
    public string Course =>
        string.Join(' ', Heard.Select(TurnEventJson.NameOf).Where((name, index) => index == 0 || name != TurnEventJson.NameOf(Heard[index - 1])));

    public async Task<T> UntilAsync<T>()
        where T : TurnEvent
    {
        while (await NextAsync() is { } next)
        {
            if (next is T wanted)
            {
                return wanted;
            }
        }

        throw new InvalidOperationException($"The stream ended without {typeof(T).Name}: {Course}");
    }

    /// <summary>Listens to the end, before which there has to be exactly one last event.</summary>
    public async Task<TurnEvent> EndAsync()
    {
        while (await NextAsync() is not null)
        {
        }

        return Assert.Single(Heard, heard => heard.IsLast);
    }

    public async ValueTask DisposeAsync()
    {
        if (_items is not null)
        {
            await _items.DisposeAsync();
        }

        _response?.Dispose();
    }

    /// <returns>Null when the front says that there is nothing more.</returns>
    private async Task<TurnEvent?> NextAsync()
    {
        while (true)
        {
            if (_items is null && !await ConnectAsync())
            {
                return null;
            }

            if (await MoveAsync())
            {
                var item = _items!.Current;
                LastId = item.EventId;
                Assert.NotNull(item.Data);
                Note(item.Data);
                return item.Data;
            }

            await DisposeAsync();
            _items = null;
        }
    }

    private async Task<bool> ConnectAsync()
    {
        while (true)
        {
            try
            {
                _response = await api.ListenAsync(session, turnId, LastId);
                if (_response.StatusCode == HttpStatusCode.NoContent)
                {
                    return false;
                }

                if (_response.StatusCode == HttpStatusCode.OK)
                {
                    Connections++;
                    Assert.Equal("text/event-stream", _response.Content.Headers.ContentType?.MediaType);
                    _items = SseParser.Create(await _response.Content.ReadAsStreamAsync(Cancellation), TurnEventJson.Read)
                        .EnumerateAsync(Cancellation)
                        .GetAsyncEnumerator(Cancellation);
                    return true;
                }

                // The front is being started again; anything else would be a fault of its own.
                Assert.True((int)_response.StatusCode >= 500, $"{(int)_response.StatusCode}");
            }
            catch (HttpRequestException)
            {
                // It is not there yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Cancellation);
        }
    }

    private async Task<bool> MoveAsync()
    {
        try
        {
            return await _items!.MoveNextAsync();
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            return false;
        }
    }

    private void Note(TurnEvent heard)
    {
        Heard.Add(heard);
        Text = heard switch
        {
            TurnEvent.Delta(var text) => Text + text,
            TurnEvent.Reset => string.Empty,
            _ => Text,
        };
    }
}
