#nullable disable annotations // As the published package's: its members are oblivious.

using Azure.Core;
using Azure.Storage.Queues.Models;
using FunctionsBroker.Local.Storage.Queues;

namespace Azure.Storage.Queues;

/// <summary>The queue service of an account. Safe to use from many threads at once.</summary>
public class QueueServiceClient
{
    private readonly QueueService _service;

    public QueueServiceClient(string connectionString)
        : this(connectionString, null)
    {
    }

    public QueueServiceClient(string connectionString, QueueClientOptions options)
        : this(QueueService.Create(connectionString, options))
    {
    }

    /// <param name="serviceUri">The service's address, with a SAS in its query if one is needed.</param>
    public QueueServiceClient(Uri serviceUri, QueueClientOptions options = null)
        : this(QueueService.Create(NotNull(serviceUri), options))
    {
    }

    public QueueServiceClient(Uri serviceUri, StorageSharedKeyCredential credential, QueueClientOptions options = null)
        : this(QueueService.Create(NotNull(serviceUri), NotNull(credential), options))
    {
    }

    public QueueServiceClient(Uri serviceUri, AzureSasCredential credential, QueueClientOptions options = null)
        : this(QueueService.Create(NotNull(serviceUri), NotNull(credential), options))
    {
    }

    /// <param name="serviceUri">The service's https address.</param>
    public QueueServiceClient(Uri serviceUri, TokenCredential credential, QueueClientOptions options = null)
        : this(QueueService.Create(NotNull(serviceUri), NotNull(credential), options))
    {
    }

    /// <summary>For tests that replace the client.</summary>
    protected QueueServiceClient()
    {
    }

    private QueueServiceClient(QueueService service)
    {
        _service = service;
        Uri = new Uri(service.Endpoint.Base);
    }

    public virtual Uri Uri { get; }

    public virtual string AccountName => _service.Endpoint.Account;

    /// <summary>A client of one queue over the same pipeline.</summary>
    public virtual QueueClient GetQueueClient(string queueName) => new(_service, queueName);

    /// <param name="prefix">Lists only queues whose names begin so.</param>
    public virtual AsyncPageable<QueueItem> GetQueuesAsync(
        QueueTraits traits = QueueTraits.None, string prefix = null, CancellationToken cancellationToken = default) =>
        new QueuePages(_service, traits, prefix, cancellationToken);

    /// <exception cref="RequestFailedException">409 <c>QueueAlreadyExists</c> if its metadata differs, among others.</exception>
    public virtual async Task<Response<QueueClient>> CreateQueueAsync(
        string queueName, IDictionary<string, string> metadata = null, CancellationToken cancellationToken = default)
    {
        var queue = GetQueueClient(queueName);
        return Response.FromValue(queue, await queue.CreateAsync(metadata, cancellationToken));
    }

    /// <exception cref="RequestFailedException">404 <c>QueueNotFound</c>, among others.</exception>
    public virtual async Task<Response> DeleteQueueAsync(string queueName, CancellationToken cancellationToken = default) =>
        await GetQueueClient(queueName).DeleteAsync(cancellationToken);

    private static T NotNull<T>(T argument)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(argument);
        return argument;
    }
}
