using Azure.Data.Tables;

namespace FunctionsBroker.Storage.Tables;

/// <summary>The broker's tables.</summary>
internal sealed class BrokerTables(TableServiceClient service)
{
    public TableClient Sessions { get; } = service.GetTableClient("Sessions");

    public TableClient Turns { get; } = service.GetTableClient("Turns");

    public TableClient Hosts { get; } = service.GetTableClient("Hosts");

    public TableClient Usage { get; } = service.GetTableClient("Usage");

    public TableClient Conversations { get; } = service.GetTableClient("Conversations");

    /// <summary>Creates what is missing.</summary>
    public Task CreateAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(
            Sessions.CreateIfNotExistsAsync(cancellationToken),
            Turns.CreateIfNotExistsAsync(cancellationToken),
            Hosts.CreateIfNotExistsAsync(cancellationToken),
            Usage.CreateIfNotExistsAsync(cancellationToken),
            Conversations.CreateIfNotExistsAsync(cancellationToken));
}
