using Azure;
using Azure.Core.Serialization;
using Azure.Storage.Queues;
using Microsoft.Azure.Functions.Worker;

namespace FunctionsBroker.Local.Functions.Queues;

/// <summary>Makes what sends a function's output to its queue.</summary>
internal sealed class QueueOutputFactory(QueueClients queues, ObjectSerializer serializer)
{
    public Func<object?, CancellationToken, Task> Create(QueueOutputAttribute output)
    {
        var queue = queues.Create(output.Connection, output.QueueName);
        return async (value, cancellationToken) =>
        {
            foreach (var body in QueueOutputBodies.Of(value, serializer))
            {
                await SendAsync(queue, body, cancellationToken);
            }
        };
    }

    private static async Task SendAsync(QueueClient queue, BinaryData body, CancellationToken cancellationToken)
    {
        try
        {
            await queue.SendMessageAsync(body, cancellationToken: cancellationToken);
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == "QueueNotFound")
        {
            await queue.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await queue.SendMessageAsync(body, cancellationToken: cancellationToken);
        }
    }
}
