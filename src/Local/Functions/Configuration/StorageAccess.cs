using Azure.Core;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Queues;
using Microsoft.Extensions.Configuration;

namespace FunctionsBroker.Local.Functions.Configuration;

/// <summary>A storage connection of the app: a connection string, or addresses that are opened by an identity.</summary>
/// <remarks>https://learn.microsoft.com/azure/azure-functions/functions-reference#configure-an-identity-based-connection</remarks>
internal abstract record StorageAccess
{
    private StorageAccess()
    {
    }

    public abstract TableServiceClient CreateTables();

    public abstract QueueClient CreateQueue(string name, QueueClientOptions options);

    /// <summary>By a connection string.</summary>
    public sealed record ByConnectionString(string Text) : StorageAccess
    {
        public override TableServiceClient CreateTables() => new(Text);

        public override QueueClient CreateQueue(string name, QueueClientOptions options) => new(Text, name, options);
    }

    /// <summary>By the identity that a section <c>{connection}__…</c> names.</summary>
    public sealed record ByIdentity(string Connection, string? TableAddress, string? QueueAddress, string? Credential, string? ClientId) : StorageAccess
    {
        private const string ManagedIdentity = "managedidentity";

        /// <exception cref="InvalidOperationException">The kind of credential is none of those that are supported.</exception>
        public static ByIdentity Read(string connection, IConfigurationSection section)
        {
            var credential = section["credential"];
            if (credential is not null && !string.Equals(credential, ManagedIdentity, StringComparison.OrdinalIgnoreCase))
            {
                throw new InvalidOperationException($"'{connection}__credential' is '{credential}'; the local runtime knows '{ManagedIdentity}', or none for the default credential.");
            }

            string? AddressOf(string service) =>
                section[$"{service}ServiceUri"] ?? (section["accountName"] is { Length: > 0 } account ? $"https://{account}.{service}.core.windows.net" : null);
            return new ByIdentity(connection, AddressOf("table"), AddressOf("queue"), credential, section["clientId"]);
        }

        public override TableServiceClient CreateTables() => new(ToUri(TableAddress, "table"), CreateCredential());

        public override QueueClient CreateQueue(string name, QueueClientOptions options) =>
            new(new Uri($"{ToUri(QueueAddress, "queue").AbsoluteUri.TrimEnd('/')}/{name}"), CreateCredential(), options);

        private Uri ToUri(string? address, string service) => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps
            ? uri
            : throw new InvalidOperationException($"'{Connection}__{service}ServiceUri' is missing or no https address.");

        private TokenCredential CreateCredential() => Credential is null
            ? new DefaultAzureCredential(new DefaultAzureCredentialOptions { ManagedIdentityClientId = ClientId })
            : new ManagedIdentityCredential(ClientId is null ? ManagedIdentityId.SystemAssigned : ManagedIdentityId.FromUserAssignedClientId(ClientId));
    }
}
