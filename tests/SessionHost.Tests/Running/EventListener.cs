using System.Net;
using System.Text;
using FunctionsBroker.Contracts.Events;
using FunctionsBroker.SessionHost.Api;

namespace FunctionsBroker.SessionHost.Tests.Running;

/// <summary>Listens to a turn's events as a browser does, and shows its text.</summary>
internal sealed class EventListener : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _lines;

    private EventListener(HttpResponseMessage response, Stream body)
    {
        _response = response;
        _lines = new StreamReader(body);
    }

    public string? LastId { get; private set; }

    public List<TurnEvent> Events { get; } = [];

    public int Comments { get; private set; }

    /// <summary>What a browser would show now.</summary>
    public string Text { get; private set; } = string.Empty;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<EventListener> OpenAsync(RunningHost host, string session, string turnId, string? lastId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/sessions/{session}/turns/{turnId}/events");
        if (lastId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastId);
        }

        var response = await host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(TurnEventStream.ContentType, response.Content.Headers.ContentType?.MediaType);
        return new EventListener(response, await response.Content.ReadAsStreamAsync(Cancellation));
    }

    /// <returns>Null at the end of the stream.</returns>
    public async Task<TurnEvent?> NextAsync()
    {
        string? name = null;
        var data = new StringBuilder();
        while (await _lines.ReadLineAsync(Cancellation) is { } line)
        {
            switch (line.Split(": ", 2))
            {
                case ["id", var id]:
                    LastId = id;
                    break;
                case ["event", var value]:
                    name = value;
                    break;
                case ["data", var value]:
                    data.Append(value);
                    break;
                case [""] when name is not null:
                    var turnEvent = TurnEventJson.Read(name, data.ToString());
                    Assert.NotNull(turnEvent);
                    Note(turnEvent);
                    return turnEvent;
                case [":"]:
                    Comments++;
                    break;
            }
        }

        return null;
    }

    /// <summary>Reads up to the first event of this kind that meets the condition.</summary>
    public async Task<T> UntilAsync<T>(Func<T, bool>? condition = null)
        where T : TurnEvent
    {
        while (await NextAsync() is { } next)
        {
            if (next is T wanted && condition?.Invoke(wanted) != false)
            {
                return wanted;
            }
        }

        throw new InvalidOperationException($"The stream ended without {typeof(T).Name}: {string.Join(", ", Events)}");
    }

    public async Task UntilTextAsync(string text)
    {
        while (Text != text && await NextAsync() is not null)
        {
        }

        Assert.Equal(text, Text);
    }

    /// <summary>Reads to the end, which has to be the stream's too.</summary>
    public async Task<TurnEvent> EndAsync()
    {
        while (await NextAsync() is not null)
        {
        }

        return Assert.Single(Events, turnEvent => turnEvent.IsLast);
    }

    public ValueTask DisposeAsync()
    {
        _lines.Dispose();
        _response.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Note(TurnEvent turnEvent)
    {
        Events.Add(turnEvent);
        Text = turnEvent switch
        {
            TurnEvent.Delta(var text) => Text + text,
            TurnEvent.Reset => string.Empty,
            _ => Text,
        };
    }
}
