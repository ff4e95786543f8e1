using Azure.Storage.Queues.Models;
using FunctionsBroker.Contracts.Queues;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace FunctionsBroker.Functions.Inbox;

/// <summary>The queue <c>turns</c>: one message, one turn.</summary>
internal sealed class TurnsQueueFunction(TurnInbox inbox)
{
    [Function("TurnsQueue")]
    public Task RunAsync(
        [QueueTrigger(QueueNames.Turns)] QueueMessage message,
        [DurableClient] DurableTaskClient durable,
        CancellationToken cancellationToken) =>
        inbox.ReceiveAsync(message.MessageId, message.Body, durable, cancellationToken);
}
