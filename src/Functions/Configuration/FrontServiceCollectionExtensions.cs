using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Functions.Attachments;
using FunctionsBroker.Functions.Events;
using FunctionsBroker.Functions.Fast;
using FunctionsBroker.Functions.Hosts;
using FunctionsBroker.Functions.Inbox;
using FunctionsBroker.Functions.OpenAi;
using FunctionsBroker.Functions.OpenApi;
using FunctionsBroker.Functions.Sessions;
using FunctionsBroker.Functions.Turns;
using FunctionsBroker.Functions.Usage;
using FunctionsBroker.Functions.Waiting;
using FunctionsBroker.Sessions.Admission;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FunctionsBroker.Functions.Configuration;

internal static class FrontServiceCollectionExtensions
{
    /// <summary>Adds what the front's functions need, apart from the stores.</summary>
    public static IServiceCollection AddFront(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<BrokerOptions>()
            .Bind(configuration.GetSection(BrokerOptions.SectionName))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<BrokerOptions>, BrokerOptionsValidator>();
        services.AddSingleton<IValidateOptions<BrokerOptions>, BudgetOptionsRules>();
        services.AddSingleton<IValidateOptions<BrokerOptions>, BrokerOptionsRules>();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(provider =>
            new TurnRules(provider.GetRequiredService<IOptions<BrokerOptions>>().Value.AllReplyQueues));
        services.AddSingleton<HostDirectory>();
        services.AddSingleton<TurnCompletions>();
        services.AddSingleton<TurnWaiter>();
        services.AddSingleton<AdmissionWatch>();
        services.AddSingleton<IIntakeCheck, ProfileCheck>();
        services.AddSingleton<AttachmentKeeper>();
        services.AddSingleton<IIntakeCheck, BudgetCheck>();
        services.AddSingleton<SessionHeads>();
        services.AddSingleton<HostTurnRequests>();
        services.AddSingleton<FastPace>();
        services.AddSingleton<FastDispatch>();
        services.AddSingleton<TurnIntake>();
        services.AddSingleton<TurnSubmitter>();
        services.AddSingleton<TurnInbox>();
        services.AddSingleton<ReplySender>();
        services.AddSingleton<TurnPublisher>();
        services.AddSingleton<TurnDispatcher>();
        services.AddSessions();
        services.AddSingleton<TurnProbe>();
        services.AddOpenAi();
        services.AddSingleton<OpenApiDocument>();
        services.AddSingleton<ListeningPace>();
        services.AddSingleton<TurnNews>();
        services.AddSingleton<ITurnEventSource, TurnEventSource>();
        services.AddSingleton<PermissionDesk>();
        services.AddHttpClient<SessionHostClient>(SetUp);
        services.AddHttpClient<HostEventsClient>(SetUp);
        services.AddHttpClient<HostSessionsClient>(SetUp);
        return services;
    }

    private static void SetUp(IServiceProvider provider, HttpClient client)
    {
        var options = provider.GetRequiredService<IOptions<BrokerOptions>>().Value;
        client.Timeout = options.HostCallTimeout;
        client.DefaultRequestHeaders.Add(BrokerHeaders.HostKey, options.HostKey);
    }
}
