using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace FunctionsBroker.Local.Storage.Http;

/// <summary>Builds the HTTP pipeline that all clients of one credential share.</summary>
internal static class StoragePipeline
{
    private const string StorageScope = "https://storage.azure.com/.default";

    /// <summary>The transport of every client whose options name no other: one connection pool for the process.</summary>
    public static HttpPipelineTransport SharedTransport { get; } = new HttpClientTransport(new HttpClient(new SocketsHttpHandler
    {
        // The storage emulator closes a connection that was idle for 5 s. Sending on one as it is being closed fails the
        // request, and the pipeline's first retry comes only after 0.8 s; so let go of idle connections before it does.
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(4),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        MaxConnectionsPerServer = 50,
        ConnectTimeout = TimeSpan.FromSeconds(15),
        AllowAutoRedirect = false,
        UseCookies = false,
    })
    {
        // Requests time out by the pipeline's NetworkTimeout.
        Timeout = Timeout.InfiniteTimeSpan,
    });

    public static HttpPipeline Build(ClientOptions options, HttpPipelinePolicy? authentication)
    {
        HttpPipelinePolicy[] perRetry = authentication is null ? [] : [authentication];
        return HttpPipelineBuilder.Build(options, [], perRetry, new ResponseClassifier());
    }

    public static HttpPipeline Build(ClientOptions options, AzureSasCredential credential) =>
        Build(options, new SharedAccessSignaturePolicy(credential));

    /// <summary>Tokens are only sent over https: Azure.Core refuses other schemes.</summary>
    public static HttpPipeline Build(ClientOptions options, TokenCredential credential) =>
        Build(options, new BearerTokenAuthenticationPolicy(credential, StorageScope));
}
