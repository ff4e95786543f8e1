using FunctionsBroker.Access;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Functions.Attachments;
using FunctionsBroker.Functions.Callers;
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
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
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
        services.AddSingleton<TurnNotifier>();
        services.AddSingleton<TurnWaiter>();
        services.AddSingleton<AdmissionWatch>();
        services.AddSingleton<MailboxRoom>();
        services.AddSingleton<OpenTurns>();
        services.AddSingleton<CallerKeys>();
        services.AddSingleton<IIntakeCheck, ProfileCheck>();
        services.AddSingleton<AttachmentKeeper>();
        services.AddSingleton<IIntakeCheck, BudgetCheck>();
        services.AddSingleton<SessionHeads>();
        services.AddSingleton<HostTurnRequests>();
        services.AddSingleton<FastDispatch>();
        services.AddSingleton<TurnIntake>();
        services.AddSingleton<TurnSubmitter>();
        services.AddSingleton<StoragePatience>();
        services.AddSingleton<TurnInbox>();
        services.AddSingleton<ReplySender>();
        services.AddSingleton<TurnPublisher>();
        services.AddSingleton<TurnDispatcher>();
        services.AddSessions();
        services.AddSingleton<TurnProbe>();
        services.AddOpenAi();
        services.AddSingleton<OpenApiDocument>();
        services.AddSingleton<ListeningPace>();
        services.AddSingleton<ITurnEventSource, TurnEventSource>();
        services.AddSingleton<PermissionDesk>();
        services.AddSingleton(CreateGate);

        // RequestBody limits what is kept. The worker's server would cut the platform off at 30,000,000 bytes, without an answer.
        services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        services.AddHostClient<SessionHostClient>();
        services.AddHostClient<HostEventsClient>();
        services.AddHostClient<HostSessionsClient>();
        return services;
    }

    private static void AddHostClient<TClient>(this IServiceCollection services)
        where TClient : class =>
        services.AddHttpClient<TClient>(SetUp).ConfigureAdditionalHttpMessageHandlers((handlers, provider) =>
        {
            if (provider.GetRequiredService<IOptions<BrokerOptions>>().Value.Identity is { IsShown: true } identity)
            {
                handlers.Add(new IdentityTokenHandler(identity));
            }
        });

    private static void SetUp(IServiceProvider provider, HttpClient client)
    {
        var options = provider.GetRequiredService<IOptions<BrokerOptions>>().Value;
        client.Timeout = options.HostCallTimeout;
        if (options.HostKey is { } key)
        {
            client.DefaultRequestHeaders.Add(BrokerHeaders.HostKey, key);
        }
    }

    private static CallerGate CreateGate(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<BrokerOptions>>().Value;
        return new CallerGate([options.CallbackKey, options.SpareCallbackKey], options.Identity, provider.GetRequiredService<ILogger<CallerGate>>());
    }
}
