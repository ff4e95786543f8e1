using FunctionsBroker.Sessions.Storage;

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
