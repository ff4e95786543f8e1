using FunctionsBroker.Contracts.Events;
using FunctionsBroker.Functions.Events;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Functions.Tests.Events;

/// <summary>A listener, and what it shows.</summary>
internal sealed class EventReader : IAsyncDisposable
{
    private readonly CancellationTokenSource _leaving = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly IAsyncEnumerator<NumberedEvent> _told;

    public EventReader(ITurnEventSource source, TurnRecord turn, string? lastEventId, IMailboxView mailbox)
    {
        LastId = lastEventId;
        _told = source.ListenAsync(turn, lastEventId, mailbox, _leaving.Token).GetAsyncEnumerator(_leaving.Token);
    }

    public List<NumberedEvent> Told { get; } = [];

    public string? LastId { get; private set; }

    /// <summary>The names of what was told, in order.</summary>
    public string Names => string.Join(' ', Told.Select(told => TurnEventJson.NameOf(told.Event)));

    /// <summary>What a screen would show now.</summary>
    public string Text { get; private set; } = string.Empty;

    /// <returns>Null at the end.</returns>
    public async Task<TurnEvent?> NextAsync()
    {
        if (!await _told.MoveNextAsync())
        {
            return null;
        }

        var told = _told.Current;
        Told.Add(told);
        LastId = told.Id;
        Text = told.Event switch
        {
            TurnEvent.Delta(var text) => Text + text,
            TurnEvent.Reset => string.Empty,
            _ => Text,
        };
        return told.Event;
    }

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

        throw new InvalidOperationException($"The stream ended without {typeof(T).Name}: {Names}");
    }

    /// <summary>Reads to the end, before which there has to be exactly one last event.</summary>
    public async Task<TurnEvent> EndAsync()
    {
        while (await NextAsync() is not null)
        {
        }

        var last = Assert.Single(Told, told => told.Event.IsLast);
        Assert.Equal(Told[^1], last);
        return last.Event;
    }

    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        await _told.DisposeAsync();
        _leaving.Dispose();
    }
}
