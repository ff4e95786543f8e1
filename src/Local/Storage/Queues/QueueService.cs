using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage;
using Azure.Storage.Queues;
using FunctionsBroker.Local.Storage.Accounts;
using FunctionsBroker.Local.Storage.Http;

namespace FunctionsBroker.Local.Storage.Queues;

/// <summary>
/// The queue service as seen over HTTP: makes requests and turns failures into exceptions.
/// Source: https://learn.microsoft.com/rest/api/storageservices/queue-service-rest-api
/// </summary>
internal sealed class QueueService
{
    private readonly HttpPipeline _pipeline;

    private QueueService(HttpPipeline pipeline, ServiceEndpoint endpoint, QueueClientOptions options)
    {
        _pipeline = pipeline;
        Endpoint = endpoint;
        Options = options;
        Version = options.VersionString;
    }

    public ServiceEndpoint Endpoint { get; }

    public QueueClientOptions Options { get; }

    private string Version { get; }

    public static QueueService Create(Uri address, StorageSharedKeyCredential credential, QueueClientOptions? options)
    {
        options ??= new QueueClientOptions();
        var policy = new QueueSharedKeyPolicy(credential.AccountName, credential.Key, TimeProvider.System);
        return new QueueService(StoragePipeline.Build(options, policy), new ServiceEndpoint(address), options);
    }

    public static QueueService Create(Uri address, AzureSasCredential credential, QueueClientOptions? options)
    {
        options ??= new QueueClientOptions();
        return new QueueService(StoragePipeline.Build(options, credential), new ServiceEndpoint(address), options);
    }

    public static QueueService Create(Uri address, TokenCredential credential, QueueClientOptions? options)
    {
        options ??= new QueueClientOptions();
        return new QueueService(StoragePipeline.Build(options, credential), new ServiceEndpoint(address), options);
    }

    /// <summary>Without a credential: the address holds a SAS, or the endpoint is open.</summary>
    public static QueueService Create(Uri address, QueueClientOptions? options, string? signature = null)
    {
        options ??= new QueueClientOptions();
        return new QueueService(StoragePipeline.Build(options, authentication: null), new ServiceEndpoint(address, signature), options);
    }

    public static QueueService Create(string connectionString, QueueClientOptions? options)
    {
        var account = ConnectionStringParser.Parse(connectionString);
        var address = account.QueueEndpoint
            ?? throw new FormatException("The storage connection string has neither 'QueueEndpoint' nor 'AccountName'.");
        return account is { Name: { } name, Key: { } key }
            ? Create(address, new StorageSharedKeyCredential(name, key), options)
            : Create(address, options, account.SharedAccessSignature);
    }

    /// <summary>A request with the headers that all have; the caller disposes it.</summary>
    public HttpMessage CreateMessage(RequestMethod method, string path, string query = "")
    {
        var message = _pipeline.CreateMessage();
        var request = message.Request;
        request.Method = method;
        request.Uri.Reset(Endpoint.Combine(path, query));
        request.Headers.Add("x-ms-version", Version);
        request.Headers.Add("Accept", "application/xml");
        return message;
    }

    /// <summary>Sends and demands an answer in the 200s, or one that the caller also takes.</summary>
    /// <exception cref="RequestFailedException">The service answered otherwise.</exception>
    public async Task<Response> SendAsync(HttpMessage message, int? tolerated, CancellationToken cancellationToken)
    {
        await _pipeline.SendAsync(message, cancellationToken);
        var response = message.Response;
        return response.Status is >= 200 and < 300 || response.Status == tolerated ? response : throw Failure(response);
    }

    public static RequestFailedException Failure(Response response) => new(response, null, QueueErrorParser.Instance);
}
