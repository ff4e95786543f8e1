using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using FunctionsBroker.Sessions.Storage;
using FunctionsBroker.Storage.Attachments;
using FunctionsBroker.Storage.Conversations;
using FunctionsBroker.Storage.Hosts;
using FunctionsBroker.Storage.Queues;
using FunctionsBroker.Storage.Sessions;
using FunctionsBroker.Storage.Tables;
using FunctionsBroker.Storage.Transcripts;
using FunctionsBroker.Storage.Turns;
using FunctionsBroker.Storage.Usage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FunctionsBroker.Storage;

public static class StorageServiceCollectionExtensions
{
    /// <summary>Adds the stores and queues of the broker, and creates its tables at start.</summary>
    /// <exception cref="InvalidOperationException">The connection to the storage account is missing, or cannot be used.</exception>
    public static IServiceCollection AddBrokerStorage(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);

        var connection = StorageConnection.Read(configuration);
        services.AddSingleton(_ => connection.CreateTables());

        // Made when something sends: session hosts send nothing, and their identity may not.
        services.AddSingleton(_ => connection.CreateQueues(new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 }));
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<BrokerTables>();
        services.AddSingleton<QueueSender>();
        services.AddSingleton<ISessionStore, SessionStore>();
        services.AddSingleton<ISessionSchedule, SessionSchedule>();
        services.AddSingleton<ITurnStore, TurnStore>();
        services.AddSingleton<IAttachmentStore, AttachmentStore>();
        services.AddSingleton<TurnJournal>();
        services.AddSingleton<ITurnJournal>(provider => provider.GetRequiredService<TurnJournal>());
        services.AddSingleton<IHostStore, HostStore>();
        services.AddSingleton<IUsageStore, UsageStore>();
        services.AddSingleton<IConversationIndex, ConversationIndex>();
        services.AddSingleton<IReplyQueue, ReplyQueue>();
        services.AddSingleton<IPoisonQueue>(provider => new PoisonQueue(
            provider.GetRequiredService<QueueSender>(),
            connection.CreateQueues(new QueueClientOptions { MessageEncoding = QueueMessageEncoding.None })));
        services.AddHostedService<StorageSetup>();
        return services;
    }

    /// <summary>Adds the store of transcripts, and creates its container at start; for session hosts.</summary>
    /// <exception cref="InvalidOperationException">The connection to the storage account is missing, or cannot be used.</exception>
    public static IServiceCollection AddBrokerTranscripts(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);

        // Nobody waits for an addition, and the next one makes up for it.
        var options = new BlobClientOptions { Retry = { MaxRetries = 2, NetworkTimeout = TimeSpan.FromSeconds(30) } };
        var blobs = StorageConnection.Read(configuration).CreateBlobs(options);
        services.AddSingleton(_ => new TranscriptStore(blobs));
        services.AddSingleton<ITranscriptStore>(provider => provider.GetRequiredService<TranscriptStore>());
        services.AddHostedService(provider => provider.GetRequiredService<TranscriptStore>());
        return services;
    }

    /// <summary>Creates the broker's queues at start; for the front, whose identity may do that.</summary>
    public static IServiceCollection AddBrokerQueues(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);

        services.TryAddSingleton(TimeProvider.System);
        services.AddHostedService<QueueSetup>();
        return services;
    }
}
