using System.Runtime.CompilerServices;
using FunctionsBroker.Contracts.Events;
using FunctionsBroker.Functions.Hosts;
using FunctionsBroker.Functions.Waiting;
using FunctionsBroker.Sessions.Storage;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Functions.Events;

/// <summary>Tells what happens in a turn, from its acceptance to its one end, whichever hosts it runs on.</summary>
internal interface ITurnEventSource
{
    /// <summary>The turn's events from where the listener has left off.</summary>
    /// <param name="turn">The turn as it was read or written last.</param>
    /// <param name="lastEventId">The id of the last event that the listener has; null when it has none.</param>
    /// <param name="mailbox">Where a turn that waits has its place.</param>
    /// <returns>
    /// A sequence that ends behind exactly one last event, or when it is cancelled; empty for a listener that has the last
    /// event already. What has been told of a turn's text since the latest reset, if there was one, begins with or is its reply.
    /// </returns>
    /// <remarks>
    /// Nothing is read ahead of the listener, so a slow one costs no memory here. Storage and hosts that are away for a
    /// while do not end the sequence.
    /// </remarks>
    IAsyncEnumerable<NumberedEvent> ListenAsync(
        TurnRecord turn,
        string? lastEventId,
        IMailboxView mailbox,
        CancellationToken cancellationToken);
}

/// <summary>An event as a listener gets it.</summary>
/// <param name="Id">What a listener shows to get what follows: to this instance of the front or to another.</param>
internal readonly record struct NumberedEvent(string Id, TurnEvent Event);

/// <summary><see cref="ITurnEventSource"/> from the turn's row and from the hosts that it runs on.</summary>
internal sealed class TurnEventSource(
    ITurnStore turns,
    HostDirectory hosts,
    HostEventsClient client,
    TurnNotifier notifier,
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
        using var watch = new TurnWatch(turn, turns, notifier, pace, time, logger);
        var story = new TurnStory(EventCursor.Parse(lastEventId));
        var listener = new TurnListener(watch, story, mailbox, hosts, client, pace, time);
        await foreach (var told in listener.ListenAsync(cancellationToken))
        {
            yield return told;
        }
    }
}
