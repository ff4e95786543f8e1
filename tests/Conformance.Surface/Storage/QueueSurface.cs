using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsBroker.Conformance.Surface.Storage;

/// <summary>What an app does with queues, and forms of queue functions.</summary>
public static class QueueSurface
{
    public static async Task<string> SendAsync(QueueServiceClient service, CancellationToken cancellationToken)
    {
        var queue = service.GetQueueClient("surface");
        await queue.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        SendReceipt receipt = await queue.SendMessageAsync(
            BinaryData.FromObjectAsJson(new Parcel("a", 1)), visibilityTimeout: TimeSpan.FromSeconds(5), timeToLive: TimeSpan.FromDays(1), cancellationToken);
        await queue.SendMessageAsync("text", TimeSpan.Zero, TimeSpan.FromSeconds(-1), cancellationToken);
        return receipt.MessageId;
    }

    public static async Task<int> ReceiveAsync(QueueClient queue, CancellationToken cancellationToken)
    {
        QueueMessage[] messages = await queue.ReceiveMessagesAsync(maxMessages: 16, visibilityTimeout: TimeSpan.FromSeconds(30), cancellationToken);
        QueueMessage? one = (await queue.ReceiveMessageAsync(TimeSpan.FromSeconds(30), cancellationToken)).Value;
        if (one is not null)
        {
            UpdateReceipt update = await queue.UpdateMessageAsync(one.MessageId, one.PopReceipt, one.Body, TimeSpan.FromSeconds(60), cancellationToken);
            await queue.DeleteMessageAsync(one.MessageId, update.PopReceipt, cancellationToken);
        }

        PeekedMessage[] peeked = await queue.PeekMessagesAsync(5, cancellationToken);
        QueueProperties properties = await queue.GetPropertiesAsync(cancellationToken);
        return messages.Length + peeked.Length + properties.ApproximateMessagesCount;
    }

    [Function("SurfaceQueue")]
    [QueueOutput("surface-out", Connection = "AzureWebJobsStorage")]
    public static string TakeMessage([QueueTrigger("surface-%Env%", Connection = "AzureWebJobsStorage")] QueueMessage message) =>
        $"{message.DequeueCount} {message.Body} {message.MessageText}";

    [Function("SurfaceQueueObject")]
    public static void TakeObject([QueueTrigger("surface-object")] Parcel parcel, string id, DateTimeOffset insertionTime, long dequeueCount)
    {
        // Its form is what is shown.
    }

    [Function("SurfaceQueueText")]
    public static void TakeText([QueueTrigger("surface-text")] string text)
    {
        // Its form is what is shown.
    }
}
