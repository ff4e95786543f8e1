using System.Runtime.CompilerServices;
using FunctionsBroker.Functions.Hosts;
using FunctionsBroker.Functions.Waiting;
using FunctionsBroker.Sessions.Storage;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Functions.Events;

/// <summary><see cref="ITurnEventSource"/> from the turn's row and from the hosts that it runs on.</summary>
internal sealed class TurnEventSource(
    ITurnStore turns,
    HostDirectory hosts,
    HostEventsClient client,
    TurnCompletions completions,
    TurnNews news,
    ListeningPace pace,
    TimeProvider time,
    ILogger<TurnEventSource> logger) : ITurnEventSource
{
    public async IAsyncEnumerable<NumberedEvent> ListenAsync(
        TurnRecord turn,
        string? lastEventId,
        IMailboxView mailbox,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var watch = new TurnWatch(turn, turns, completions, news, pace, time, logger);
        var story = new TurnStory(EventCursor.Parse(lastEventId));
        var listener = new TurnListener(watch, story, mailbox, hosts, client, pace, time);
        await foreach (var told in listener.ListenAsync(cancellationToken))
        {
            yield return told;
        }
    }
}
