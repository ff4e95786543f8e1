using Azure.Data.Tables;
using Azure.Storage.Queues;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.Storage.Attachments;
using FunctionsBroker.Storage.Hosts;
using FunctionsBroker.Storage.Queues;
using FunctionsBroker.Storage.Sessions;
using FunctionsBroker.Storage.Tables;
using FunctionsBroker.Storage.Turns;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsBroker.Storage;

public static class StorageServiceCollectionExtensions
{
    /// <summary>The setting that holds the connection string of the storage account, as Azure Functions names it.</summary>
    public const string ConnectionSetting = "AzureWebJobsStorage";

    /// <summary>Adds the stores and queues of the broker, and creates its tables at start.</summary>
    /// <exception cref="InvalidOperationException">The connection setting is missing.</exception>
    public static IServiceCollection AddBrokerStorage(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);

        var connection = configuration[ConnectionSetting];
        if (string.IsNullOrWhiteSpace(connection))
        {
            throw new InvalidOperationException(
                $"The setting '{ConnectionSetting}' is missing. Set it to a storage connection string, or to UseDevelopmentStorage=true for Azurite.");
        }

        services.AddSingleton(new TableServiceClient(connection));
        services.AddSingleton(new QueueServiceClient(
            connection,
            new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 }));
        services.AddSingleton<BrokerTables>();
        services.AddSingleton<QueueSender>();
        services.AddSingleton<ISessionStore, SessionStore>();
        services.AddSingleton<ITurnStore, TurnStore>();
        services.AddSingleton<IAttachmentStore, AttachmentStore>();
        services.AddSingleton<IHostStore, HostStore>();
        services.AddSingleton<IReplyQueue, ReplyQueue>();
        services.AddSingleton<IPoisonQueue, PoisonQueue>();
        services.AddHostedService<StorageSetup>();
        return services;
    }
}
