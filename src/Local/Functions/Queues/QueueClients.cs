using Azure.Storage.Queues;
using FunctionsBroker.Local.Functions.Configuration;

namespace FunctionsBroker.Local.Functions.Queues;

/// <summary>Makes queue clients from what a binding says: a queue's name and a connection's.</summary>
internal sealed class QueueClients(AppSettings settings, QueuesHostOptions host)
{
    /// <summary>Returns a client with the host's message encoding.</summary>
    /// <param name="connection">The connection of the binding.</param>
    /// <param name="queueName">The queue of the binding, with its <c>%Setting%</c> expressions.</param>
    /// <param name="configure">Changes the client's options.</param>
    public QueueClient Create(string? connection, string queueName, Action<QueueClientOptions>? configure = null)
    {
        var options = new QueueClientOptions { MessageEncoding = host.MessageEncoding };
        configure?.Invoke(options);
        return new QueueClient(settings.GetConnectionString(connection), settings.Resolve(queueName), options);
    }
}
