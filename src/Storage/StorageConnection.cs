using Azure.Core;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Microsoft.Extensions.Configuration;

namespace FunctionsBroker.Storage;

/// <summary>Where the storage account is and how to get in: by a connection string, or by an identity.</summary>
/// <remarks>
/// The settings are those of an identity-based connection of Azure Functions:
/// <c>AzureWebJobsStorage__tableServiceUri</c>, <c>__queueServiceUri</c> and <c>__blobServiceUri</c> (or <c>__accountName</c> for all), and with
/// <c>__credential=managedidentity</c> the machine's own identity, which <c>__clientId</c> chooses where it has several.
/// Without <c>__credential</c> it is whatever <see cref="DefaultAzureCredential"/> finds.
/// </remarks>
internal sealed class StorageConnection
{
    /// <summary>The setting that names the account, as Azure Functions calls it.</summary>
    public const string Setting = "AzureWebJobsStorage";

    private const string ManagedIdentity = "managedidentity";

    private readonly string? _connectionString;
    private readonly IConfigurationSection _section;
    private readonly Lazy<TokenCredential> _credential;

    private StorageConnection(IConfigurationSection section)
    {
        _section = section;
        _connectionString = string.IsNullOrWhiteSpace(section.Value) ? null : section.Value;
        _credential = new Lazy<TokenCredential>(CreateCredential);
    }

    /// <exception cref="InvalidOperationException">There is no connection, or it cannot be used; the message says what to set.</exception>
    public static StorageConnection Read(IConfiguration configuration)
    {
        var connection = new StorageConnection(configuration.GetSection(Setting));
        if (connection._connectionString is null)
        {
            if (!connection._section.GetChildren().Any())
            {
                throw new InvalidOperationException(
                    $"The setting '{Setting}' is missing. Set it to a storage connection string, to UseDevelopmentStorage=true for Azurite, or '{Setting}__accountName' to an account that this program's identity may use.");
            }

            connection.CheckCredential();
            connection.ServiceUri("table");
        }

        return connection;
    }

    public TableServiceClient CreateTables() => _connectionString is null
        ? new TableServiceClient(ServiceUri("table"), _credential.Value)
        : new TableServiceClient(_connectionString);

    public QueueServiceClient CreateQueues(QueueClientOptions options) => _connectionString is null
        ? new QueueServiceClient(ServiceUri("queue"), _credential.Value, options)
        : new QueueServiceClient(_connectionString, options);

    public BlobServiceClient CreateBlobs(BlobClientOptions options) => _connectionString is null
        ? new BlobServiceClient(ServiceUri("blob"), _credential.Value, options)
        : new BlobServiceClient(_connectionString, options);

    private Uri ServiceUri(string service)
    {
        var name = $"{service}ServiceUri";
        var text = _section[name] ?? (_section["accountName"] is { Length: > 0 } account ? $"https://{account}.{service}.core.windows.net" : null);
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps
            ? uri
            : throw new InvalidOperationException($"'{Setting}__{name}' is missing or no https address.");
    }

    private TokenCredential CreateCredential()
    {
        var client = _section["clientId"];
        if (_section["credential"] is null)
        {
            return new DefaultAzureCredential(new DefaultAzureCredentialOptions { ManagedIdentityClientId = client });
        }

        return new ManagedIdentityCredential(
            client is null ? ManagedIdentityId.SystemAssigned : ManagedIdentityId.FromUserAssignedClientId(client));
    }

    private void CheckCredential()
    {
        if (_section["credential"] is { } credential && !string.Equals(credential, ManagedIdentity, StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidOperationException($"'{Setting}__credential' is '{credential}'; it must be '{ManagedIdentity}' or left out.");
        }
    }
}
