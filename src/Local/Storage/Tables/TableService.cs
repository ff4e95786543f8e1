using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using FunctionsBroker.Local.Storage.Accounts;
using FunctionsBroker.Local.Storage.Http;

namespace FunctionsBroker.Local.Storage.Tables;

/// <summary>
/// The table service as seen over HTTP: makes requests and turns failures into exceptions.
/// Source: https://learn.microsoft.com/rest/api/storageservices/table-service-rest-api
/// </summary>
internal sealed class TableService(HttpPipeline pipeline, ServiceEndpoint endpoint, string version)
{
    /// <summary>Annotates only values whose JSON form does not tell their type; without it every long reads as text.</summary>
    public const string MinimalMetadata = "application/json;odata=minimalmetadata";

    /// <summary>What is sent as an entity: plain JSON with the annotations that it holds.</summary>
    public const string EntityContentType = "application/json;odata=nometadata";

    public ServiceEndpoint Endpoint => endpoint;

    public static TableService Create(Uri address, TableSharedKeyCredential credential, TableClientOptions? options)
    {
        options ??= new TableClientOptions();
        var policy = new TableSharedKeyPolicy(credential.AccountName, credential.Key, TimeProvider.System);
        return new TableService(StoragePipeline.Build(options, policy), new ServiceEndpoint(address), options.VersionString);
    }

    public static TableService Create(Uri address, AzureSasCredential credential, TableClientOptions? options)
    {
        options ??= new TableClientOptions();
        return new TableService(StoragePipeline.Build(options, credential), new ServiceEndpoint(address), options.VersionString);
    }

    public static TableService Create(Uri address, TokenCredential credential, TableClientOptions? options)
    {
        options ??= new TableClientOptions();
        return new TableService(StoragePipeline.Build(options, credential), new ServiceEndpoint(address), options.VersionString);
    }

    /// <summary>Without a credential: the address holds a SAS, or the endpoint is open.</summary>
    public static TableService Create(Uri address, TableClientOptions? options, string? signature = null)
    {
        options ??= new TableClientOptions();
        return new TableService(
            StoragePipeline.Build(options, authentication: null), new ServiceEndpoint(address, signature), options.VersionString);
    }

    public static TableService Create(string connectionString, TableClientOptions? options)
    {
        var account = ConnectionStringParser.Parse(connectionString);
        var address = account.TableEndpoint
            ?? throw new FormatException("The storage connection string has neither 'TableEndpoint' nor 'AccountName'.");
        return account is { Name: { } name, Key: { } key }
            ? Create(address, new TableSharedKeyCredential(name, key), options)
            : Create(address, options, account.SharedAccessSignature);
    }

    /// <summary>A request with the headers that all have; the caller disposes it.</summary>
    public HttpMessage CreateMessage(RequestMethod method, string path, string query = "")
    {
        var message = pipeline.CreateMessage();
        var request = message.Request;
        request.Method = method;
        request.Uri.Reset(endpoint.Combine(path, query));
        request.Headers.Add("x-ms-version", version);
        request.Headers.Add("DataServiceVersion", "3.0");
        request.Headers.Add("Accept", MinimalMetadata);
        return message;
    }

    /// <summary>A request that carries an entity or a table.</summary>
    public HttpMessage CreateMessage(RequestMethod method, string path, ReadOnlyMemory<byte> body)
    {
        var message = CreateMessage(method, path);
        message.Request.Headers.Add("Content-Type", EntityContentType);
        message.Request.Content = RequestContent.Create(body);
        return message;
    }

    /// <summary>Sends and gives back whatever the service answered.</summary>
    public async Task<Response> SendAsync(HttpMessage message, CancellationToken cancellationToken)
    {
        await pipeline.SendAsync(message, cancellationToken);
        return message.Response;
    }

    /// <summary>Sends and demands an answer in the 200s, or one that the caller also takes.</summary>
    /// <exception cref="RequestFailedException">The service answered otherwise.</exception>
    public async Task<Response> SendAsync(HttpMessage message, int? tolerated, CancellationToken cancellationToken)
    {
        await pipeline.SendAsync(message, cancellationToken);
        var response = message.Response;
        return response.Status is >= 200 and < 300 || response.Status == tolerated ? response : throw Failure(response);
    }

    public static RequestFailedException Failure(Response response) => new(response, null, TableErrorParser.Instance);
}
