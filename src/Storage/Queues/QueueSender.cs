using System.Collections.Concurrent;
using Azure;
using Azure.Storage.Queues;

namespace FunctionsBroker.Storage.Queues;

/// <summary>Sends to queues by name and creates a queue that is not there yet.</summary>
internal sealed class QueueSender(QueueServiceClient service)
{
    /// <summary>What one message holds: 64 KiB of base64, so 48 KiB of JSON.</summary>
    public const int MaxMessageBytes = 48 * 1024;

    private const string QueueNotFound = "QueueNotFound";
    private static readonly TimeSpan s_forEver = TimeSpan.FromSeconds(-1);

    private readonly ConcurrentDictionary<string, QueueClient> _queues = new(StringComparer.Ordinal);

    public async Task SendAsync(string queueName, BinaryData message, CancellationToken cancellationToken)
    {
        var queue = _queues.GetOrAdd(queueName, service.GetQueueClient);
        try
        {
            await queue.SendMessageAsync(message, visibilityTimeout: null, timeToLive: s_forEver, cancellationToken);
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == QueueNotFound)
        {
            await queue.CreateIfNotExistsAsync(metadata: null, cancellationToken);
            await queue.SendMessageAsync(message, visibilityTimeout: null, timeToLive: s_forEver, cancellationToken);
        }
    }
}
