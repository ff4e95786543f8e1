#nullable disable annotations // As the published package's: its members are oblivious.

using Azure.Core;
using Azure.Storage.Queues.Models;
using FunctionsBroker.Local.Storage.Accounts;
using FunctionsBroker.Local.Storage.Queues;

namespace Azure.Storage.Queues;

/// <summary>One queue of an account. Safe to use from many threads at once.</summary>
public partial class QueueClient
{
    private readonly QueueService _service;
    private readonly string _path;

    public QueueClient(string connectionString, string queueName)
        : this(connectionString, queueName, null)
    {
    }

    public QueueClient(string connectionString, string queueName, QueueClientOptions options)
        : this(QueueService.Create(connectionString, options), queueName)
    {
    }

    /// <param name="queueUri">The queue's address, with a SAS in its query if one is needed.</param>
    public QueueClient(Uri queueUri, QueueClientOptions options = null)
        : this(QueueService.Create(WithoutQueue(queueUri), options), QueueOf(queueUri))
    {
    }

    public QueueClient(Uri queueUri, StorageSharedKeyCredential credential, QueueClientOptions options = null)
        : this(QueueService.Create(WithoutQueue(queueUri), NotNull(credential), options), QueueOf(queueUri))
    {
    }

    public QueueClient(Uri queueUri, AzureSasCredential credential, QueueClientOptions options = null)
        : this(QueueService.Create(WithoutQueue(queueUri), NotNull(credential), options), QueueOf(queueUri))
    {
    }

    /// <param name="queueUri">The queue's https address.</param>
    public QueueClient(Uri queueUri, TokenCredential credential, QueueClientOptions options = null)
        : this(QueueService.Create(WithoutQueue(queueUri), NotNull(credential), options), QueueOf(queueUri))
    {
    }

    internal QueueClient(QueueService service, string queueName)
    {
        ArgumentException.ThrowIfNullOrEmpty(queueName);
        _service = service;
        Name = queueName;
        _path = "/" + Uri.EscapeDataString(queueName);
        Uri = new Uri(service.Endpoint.Base + _path);
    }

    /// <summary>For tests that replace the client.</summary>
    protected QueueClient()
    {
    }

    public virtual Uri Uri { get; }

    public virtual string AccountName => _service.Endpoint.Account;

    public virtual string Name { get; }

    /// <summary>The most messages that one call receives or peeks at.</summary>
    public virtual int MaxPeekableMessages => 32;

    /// <summary>The size of a message's text in UTF-8 that the service does not exceed.</summary>
    public virtual int MessageMaxBytes => 64 * 1024;

    protected virtual Uri MessagesUri => new($"{Uri}/messages");

    /// <exception cref="RequestFailedException">409 <c>QueueAlreadyExists</c> if its metadata differs, among others.</exception>
    public virtual async Task<Response> CreateAsync(IDictionary<string, string> metadata = null, CancellationToken cancellationToken = default)
    {
        using var message = CreateRequest(metadata);
        return await _service.SendAsync(message, tolerated: null, cancellationToken);
    }

    /// <returns>The service's answer, or null where the queue existed.</returns>
    public virtual async Task<Response> CreateIfNotExistsAsync(
        IDictionary<string, string> metadata = null, CancellationToken cancellationToken = default)
    {
        using var message = CreateRequest(metadata);
        var response = await _service.SendAsync(message, tolerated: 409, cancellationToken);
        return response switch
        {
            { Status: 201 } => response,
            { Status: 409 } when QueueService.Failure(response) is { ErrorCode: not "QueueAlreadyExists" } failure => throw failure,
            _ => null,
        };
    }

    public virtual async Task<Response<bool>> ExistsAsync(CancellationToken cancellationToken = default)
    {
        using var message = _service.CreateMessage(RequestMethod.Get, _path, "comp=metadata");
        var response = await _service.SendAsync(message, tolerated: 404, cancellationToken);
        return Response.FromValue(response.Status != 404, response);
    }

    /// <returns>False where there was no queue.</returns>
    public virtual async Task<Response<bool>> DeleteIfExistsAsync(CancellationToken cancellationToken = default)
    {
        using var message = _service.CreateMessage(RequestMethod.Delete, _path);
        var response = await _service.SendAsync(message, tolerated: 404, cancellationToken);
        return Response.FromValue(response.Status != 404, response);
    }

    /// <exception cref="RequestFailedException">404 <c>QueueNotFound</c>, among others.</exception>
    public virtual async Task<Response> DeleteAsync(CancellationToken cancellationToken = default)
    {
        using var message = _service.CreateMessage(RequestMethod.Delete, _path);
        return await _service.SendAsync(message, tolerated: null, cancellationToken);
    }

    /// <exception cref="RequestFailedException">404 <c>QueueNotFound</c>, among others.</exception>
    public virtual async Task<Response<QueueProperties>> GetPropertiesAsync(CancellationToken cancellationToken = default)
    {
        using var message = _service.CreateMessage(RequestMethod.Get, _path, "comp=metadata");
        var response = await _service.SendAsync(message, tolerated: null, cancellationToken);
        return Response.FromValue(QueueHeaders.ReadProperties(response), response);
    }

    /// <summary>Replaces the queue's metadata.</summary>
    public virtual async Task<Response> SetMetadataAsync(IDictionary<string, string> metadata, CancellationToken cancellationToken = default)
    {
        using var message = _service.CreateMessage(RequestMethod.Put, _path, "comp=metadata");
        QueueHeaders.AddMetadata(message.Request, metadata);
        return await _service.SendAsync(message, tolerated: null, cancellationToken);
    }

    private HttpMessage CreateRequest(IDictionary<string, string> metadata)
    {
        var message = _service.CreateMessage(RequestMethod.Put, _path);
        QueueHeaders.AddMetadata(message.Request, metadata);
        return message;
    }

    private static string QueueOf(Uri address) =>
        AccountNames.ResourceOf(NotNull(address))
        ?? throw new ArgumentException($"'{address.GetLeftPart(UriPartial.Path)}' does not name a queue.", nameof(address));

    private static Uri WithoutQueue(Uri address)
    {
        var path = address.AbsolutePath.TrimEnd('/');
        return new UriBuilder(address) { Path = path[..^Uri.EscapeDataString(QueueOf(address)).Length] }.Uri;
    }

    private static T NotNull<T>(T argument)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(argument);
        return argument;
    }
}
