using Azure.Storage.Queues;
using FunctionsBroker.Local.Functions.Configuration;
using FunctionsBroker.Local.Functions.Hosting;
using FunctionsBroker.Local.Functions.Invocation;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Local.Functions.Queues;

/// <summary>Makes the listeners of queue functions.</summary>
internal sealed class QueueListenerFactory(
    QueueClients queues, QueuesHostOptions host, QueueListenerTiming timing, TimeProvider time, ILoggerFactory loggers)
{
    public IFunctionListener Create(QueueTriggerAttribute trigger, CompiledFunction function, FunctionExecutor executor)
    {
        var logger = loggers.CreateLogger("Host.Queues");
        PoisonQueue? undecodable = null;
        var queue = queues.Create(trigger.Connection, trigger.QueueName, options => options.MessageDecodingFailed += failed =>
            undecodable?.MoveUndecodableAsync(failed.ReceivedMessage, failed.CancellationToken) ?? Task.CompletedTask);

        PoisonQueue? poison = null;
        if (PoisonQueue.NameFor(queue.Name) is { } poisonName)
        {
            poison = new PoisonQueue(queue, queues.Create(trigger.Connection, poisonName), logger);

            // The text of an undecodable message is not in the host's encoding and must not be put into it.
            undecodable = new PoisonQueue(
                queue, queues.Create(trigger.Connection, poisonName, options => options.MessageEncoding = QueueMessageEncoding.None), logger);
        }

        var processor = new QueueMessageProcessor(queue, poison, function, executor, host, timing, time, logger);
        return new QueueListener(queue, processor, host, timing, time, logger);
    }
}
