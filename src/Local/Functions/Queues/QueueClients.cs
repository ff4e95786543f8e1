using System.Text.RegularExpressions;
using Azure.Storage.Queues;
using FunctionsBroker.Local.Functions.Configuration;

namespace FunctionsBroker.Local.Functions.Queues;

/// <summary>Makes queue clients from what a binding says: a queue's name and a connection's.</summary>
internal sealed partial class QueueClients(AppSettings settings, QueuesHostOptions host)
{
    /// <summary>Returns a client with the host's message encoding.</summary>
    /// <param name="connection">The connection of the binding.</param>
    /// <param name="queueName">The queue of the binding, with its <c>%Setting%</c> expressions.</param>
    /// <param name="configure">Changes the client's options.</param>
    /// <exception cref="InvalidOperationException">The name is none, or a setting is missing.</exception>
    public QueueClient Create(string? connection, string queueName, Action<QueueClientOptions>? configure = null)
    {
        var options = new QueueClientOptions { MessageEncoding = host.MessageEncoding };
        configure?.Invoke(options);
        return settings.GetStorage(connection).CreateQueue(NameOf(queueName), options);
    }

    // As on the real host, capitals are forgiven.
    private string NameOf(string declared)
    {
        var name = settings.Resolve(declared).ToLowerInvariant();
        return Name().IsMatch(name)
            ? name
            : throw new InvalidOperationException(
                $"'{name}' is no queue name: 3 to 63 letters, digits and single hyphens, the first and the last no hyphen."
                + (name.Contains('{', StringComparison.Ordinal) ? " Binding expressions in braces are not supported by the local runtime." : string.Empty));
    }

    [GeneratedRegex("^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex Name();
}
