using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Local.Functions.Queues;

/// <summary>The queue beside a triggering one that takes messages nobody could handle; created when first needed.</summary>
internal sealed partial class PoisonQueue(QueueClient source, QueueClient poison, ILogger logger)
{
    private const string Suffix = "-poison";
    private const int LongestName = 63;

    /// <summary>Returns the poison queue's name, or null for a queue that is one itself or whose name leaves no room for the suffix.</summary>
    public static string? NameFor(string queueName) =>
        queueName.EndsWith(Suffix, StringComparison.Ordinal) || queueName.Length + Suffix.Length > LongestName ? null : queueName + Suffix;

    /// <summary>Moves a message that was tried too often.</summary>
    public async Task MoveAsync(QueueMessage message, string popReceipt, CancellationToken cancellationToken)
    {
        await CopyAsync(message, cancellationToken);
        await source.DeleteMessageAsync(message.MessageId, popReceipt, cancellationToken);
        LogMoved(message.MessageId, message.DequeueCount, source.Name, poison.Name);
    }

    /// <summary>Moves a message whose text is not in the queue's encoding, as it is.</summary>
    public async Task MoveUndecodableAsync(QueueMessage message, CancellationToken cancellationToken)
    {
        await CopyAsync(message, cancellationToken);
        await source.DeleteMessageAsync(message.MessageId, message.PopReceipt, cancellationToken);
        LogUndecodable(message.MessageId, source.Name, poison.Name);
    }

    private async Task CopyAsync(QueueMessage message, CancellationToken cancellationToken)
    {
        try
        {
            await poison.SendMessageAsync(message.Body, cancellationToken: cancellationToken);
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == "QueueNotFound")
        {
            await poison.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await poison.SendMessageAsync(message.Body, cancellationToken: cancellationToken);
        }
    }

    [LoggerMessage(EventId = 30, Level = LogLevel.Warning, Message = "Message {MessageId} was tried {DequeueCount} times; moved from queue '{Queue}' to '{PoisonQueue}'")]
    private partial void LogMoved(string messageId, long dequeueCount, string queue, string poisonQueue);

    [LoggerMessage(EventId = 31, Level = LogLevel.Warning, Message = "Message {MessageId} is not in the encoding of host.json's extensions.queues.messageEncoding; moved from queue '{Queue}' to '{PoisonQueue}'")]
    private partial void LogUndecodable(string messageId, string queue, string poisonQueue);
}
