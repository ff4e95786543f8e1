#nullable disable annotations // As the published package's: its members are oblivious.

using Azure.Storage.Queues.Models;

namespace Azure.Storage.Queues;

/// <summary>A message that could not be decoded, with its text as it is in <c>Body</c>.</summary>
public class QueueMessageDecodingFailedEventArgs : SyncAsyncEventArgs
{
    public QueueMessageDecodingFailedEventArgs(
        QueueClient queueClient,
        QueueMessage receivedMessage,
        PeekedMessage peekedMessage,
        bool isRunningSynchronously,
        CancellationToken cancellationToken)
        : base(isRunningSynchronously, cancellationToken)
    {
        Queue = queueClient;
        ReceivedMessage = receivedMessage;
        PeekedMessage = peekedMessage;
    }

    public QueueClient Queue { get; }

    /// <summary>The message, if it was received.</summary>
    public QueueMessage ReceivedMessage { get; }

    /// <summary>The message, if it was peeked at.</summary>
    public PeekedMessage PeekedMessage { get; }
}
