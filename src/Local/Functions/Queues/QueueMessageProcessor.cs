using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using FunctionsBroker.Local.Functions.Configuration;
using FunctionsBroker.Local.Functions.Invocation;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Local.Functions.Queues;

/// <summary>Takes one message through its function to its end: deleted, visible again, or in the poison queue.</summary>
internal sealed partial class QueueMessageProcessor(
    QueueClient queue,
    PoisonQueue? poison,
    CompiledFunction function,
    FunctionExecutor executor,
    QueuesHostOptions host,
    QueueListenerTiming timing,
    TimeProvider time,
    ILogger logger)
{
    /// <summary>Handles a message; never throws, as what fails leaves the message to be delivered again.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Cancels the function, not what is done with the message after it.</param>
    public async Task ProcessAsync(QueueMessage message, CancellationToken cancellationToken)
    {
        try
        {
            if (message.DequeueCount > host.MaxDequeueCount && poison is not null)
            {
                await poison.MoveAsync(message, message.PopReceipt, CancellationToken.None);
                return;
            }

            var lease = new MessageLease(queue, message, timing.ProcessingVisibility, time, logger);
            bool succeeded;
            await using (lease)
            {
                succeeded = await RunAsync(message, cancellationToken);
            }

            await CompleteAsync(message, lease.PopReceipt, succeeded, cancellationToken.IsCancellationRequested);
        }
        catch (Exception exception)
        {
            LogNotCompleted(exception, message.MessageId, queue.Name);
        }
    }

    /// <summary>Gives back a message that was taken but is not to be handled.</summary>
    public async Task ReleaseAsync(QueueMessage message)
    {
        try
        {
            await ReleaseAsync(message, message.PopReceipt, TimeSpan.Zero);
        }
        catch (Exception exception)
        {
            LogNotCompleted(exception, message.MessageId, queue.Name);
        }
    }

    private async Task<bool> RunAsync(QueueMessage message, CancellationToken cancellationToken)
    {
        try
        {
            await executor.ExecuteAsync(function, message, cancellationToken);
            return true;
        }
        catch (Exception)
        {
            // The executor has logged it.
            return false;
        }
    }

    private async Task CompleteAsync(QueueMessage message, string popReceipt, bool succeeded, bool cancelled)
    {
        if (succeeded)
        {
            await queue.DeleteMessageAsync(message.MessageId, popReceipt, CancellationToken.None);
        }
        else if (cancelled)
        {
            // The host stops: not the message's fault, so not a reason for the poison queue.
            await ReleaseAsync(message, popReceipt, TimeSpan.Zero);
        }
        else if (poison is null)
        {
            // As on the real host: left invisible for the rest of its time, so that a poison queue's own trigger does not spin.
        }
        else if (message.DequeueCount >= host.MaxDequeueCount)
        {
            await poison.MoveAsync(message, popReceipt, CancellationToken.None);
        }
        else
        {
            await ReleaseAsync(message, popReceipt, host.VisibilityTimeout);
        }
    }

    private async Task ReleaseAsync(QueueMessage message, string popReceipt, TimeSpan visibility) =>
        await queue.UpdateMessageAsync(message.MessageId, popReceipt, visibilityTimeout: visibility, cancellationToken: CancellationToken.None);

    [LoggerMessage(EventId = 33, Level = LogLevel.Warning, Message = "What became of message {MessageId} could not be told to queue '{Queue}'; it will be delivered again")]
    private partial void LogNotCompleted(Exception exception, string messageId, string queue);
}
