using FunctionsBroker.Access;
using FunctionsBroker.ClaudeCode.Hooks;
using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.SessionHost.Actors;
using FunctionsBroker.SessionHost.Api;
using FunctionsBroker.SessionHost.Configuration;
using FunctionsBroker.SessionHost.Events;
using FunctionsBroker.SessionHost.Lifetime;
using FunctionsBroker.SessionHost.Metrics;
using FunctionsBroker.SessionHost.Options;
using FunctionsBroker.SessionHost.Orphans;
using FunctionsBroker.SessionHost.Outcomes;
using FunctionsBroker.SessionHost.Pool;
using FunctionsBroker.SessionHost.Turns;
using FunctionsBroker.SessionHost.Usage;
using FunctionsBroker.Sessions.Storage;
using Microsoft.Extensions.Options;

namespace FunctionsBroker.SessionHost;

/// <summary>Puts the session host together. The stores are added by the caller.</summary>
internal static class SessionHostServices
{
    public static IServiceCollection AddSessionHost(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IValidateOptions<SessionHostOptions>, SessionHostOptionsValidator>();
        services.AddSingleton<IValidateOptions<SessionHostOptions>, SessionHostOptionsRules>();
        services.AddOptions<SessionHostOptions>()
            .Configure(options => options.AddOwnProfiles())
            .Bind(configuration.GetSection(SessionHostOptions.SectionName))
            .PostConfigure(options => options.PublicUrl ??= ContainerAppAddress.Find(configuration))
            .ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<SessionHostOptions>>().Value);
        services.AddOptions<HostOptions>().Configure<SessionHostOptions>(
            (host, options) => host.ShutdownTimeout = options.ShutdownTimeout + (Drain.Afterwards * 2));

        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<HostEnd>();
        services.AddSingleton(provider => new BeatClock(
            provider.GetRequiredService<SessionHostOptions>().HeartbeatInterval,
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<SessionProfiles>();
        services.AddSingleton(CreateLiveProcesses);
        services.AddSingleton(CreateRelays);
        services.AddSingleton<HookRoutes>();
        services.AddSingleton(provider => new ProcessSlots(
            provider.GetRequiredService<SessionHostOptions>().MaxSessions,
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<DiskSpace>();
        services.AddSingleton<OtherHosts>();
        services.AddSingleton<ReadyProcesses>();
        services.AddSingleton<HostMetrics>();
        services.AddSingleton<MetricsCollector>();
        services.AddSingleton<MemoryGuard>();
        services.AddTurns();
        services.AddSingleton(CreateServices);
        services.AddSingleton<SessionPool>();
        services.AddSingleton(CreateCallbacks);
        services.AddSingleton(CreateGate);
        services.AddExceptionHandler<ProblemExceptionHandler>();
        services.AddProblemDetails();
        return services.AddLifetime(configuration);
    }

    private static IServiceCollection AddLifetime(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddHostedService<IsolationCheck>();
        services.AddHostedService<PromptGuard>();

        // Stopped after everything that is added later, so that it hears of the last turn too.
        services.AddSingleton<UsageLedger>();
        services.AddHostedService(provider => provider.GetRequiredService<UsageLedger>());
        services.AddSingleton<ProcessGuardian>();
        services.AddHostedService<Guardian>();
        services.AddHostedService<OrphanCleanup>();
        services.AddSingleton<Heartbeat>();
        services.AddHostedService(provider => provider.GetRequiredService<Heartbeat>());
        services.AddHostedService<SelfFence>();
        services.AddHostedService<HostGauges>();
        services.AddHostedService<DeclaredSessions>();
        services.AddSingleton<Tidying>();
        services.AddHostedService(provider => provider.GetRequiredService<Tidying>());
        services.AddHostedService(provider => provider.GetRequiredService<ReadyProcesses>());
        services.AddHostedService(provider => provider.GetRequiredService<MemoryGuard>());
        services.AddHostedService<DiskGuard>();
        services.AddHostedService(provider => new IdleSweep(
            provider.GetRequiredService<SessionPool>(),
            provider.GetRequiredService<Breakers>(),
            provider.GetRequiredService<SessionHostOptions>().ProcessIdle,
            provider.GetRequiredService<TimeProvider>()));
        services.AddHostedService(provider => ActivatorUtilities.CreateInstance<Drain>(
            provider,
            provider.GetRequiredService<SessionHostOptions>().ShutdownTimeout));
        if (configuration[ParentWatch.Variable] == ParentWatch.On)
        {
            services.AddHostedService<ParentWatch>();
        }

        return services;
    }

    private static SessionServices CreateServices(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<SessionHostOptions>();
        var time = provider.GetRequiredService<TimeProvider>();
        return new SessionServices(options)
        {
            Profiles = provider.GetRequiredService<SessionProfiles>(),
            Sessions = provider.GetRequiredService<ISessionStore>(),
            Turns = provider.GetRequiredService<ITurnStore>(),
            Transcripts = provider.GetRequiredService<ITranscriptStore>(),
            Recorder = provider.GetRequiredService<TurnRecorder>(),
            Callbacks = provider.GetRequiredService<Callbacks>(),
            Launchers = provider.GetRequiredService<ProcessLaunchers>(),
            Pipeline = provider.GetRequiredService<TurnPipeline>(),
            Relays = provider.GetRequiredService<TurnRelays>(),
            LiveProcesses = provider.GetRequiredService<LiveProcesses>(),
            Breakers = provider.GetRequiredService<Breakers>(),
            Ready = provider.GetRequiredService<ReadyProcesses>(),
            Metrics = provider.GetRequiredService<HostMetrics>(),
            Usage = provider.GetRequiredService<UsageLedger>(),
            Slots = provider.GetRequiredService<ProcessSlots>(),
            Disk = provider.GetRequiredService<DiskSpace>(),
            OtherHosts = provider.GetRequiredService<OtherHosts>(),
            Beat = provider.GetRequiredService<BeatClock>(),
            Aborting = provider.GetRequiredService<HostEnd>().Aborting,
            Time = time,
            Logger = provider.GetRequiredService<ILogger<SessionActor>>(),
        };
    }

    private static TurnRelays CreateRelays(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<SessionHostOptions>();
        return new TurnRelays(options.EventRetention, options.MaxEventBytes, provider.GetRequiredService<TimeProvider>());
    }

    private static LiveProcesses CreateLiveProcesses(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<SessionHostOptions>();
        return new LiveProcesses(options.WorkPath, options.HostId, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<LiveProcesses>>());
    }

    private static CallerGate CreateGate(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<SessionHostOptions>();
        return new CallerGate([options.HostKey, options.SpareHostKey], options.Identity, provider.GetRequiredService<ILogger<CallerGate>>());
    }

    private static Callbacks CreateCallbacks(IServiceProvider provider)
    {
        // Connections to the front stay open between turns: a new one would cost more than the call itself.
        var connections = new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromMinutes(10), ConnectTimeout = TimeSpan.FromSeconds(5) };
        var options = provider.GetRequiredService<SessionHostOptions>();
        return new Callbacks(
            new HttpClient(options.Identity.IsShown ? new IdentityTokenHandler(options.Identity) { InnerHandler = connections } : connections),
            options.CallbackKey,
            provider.GetRequiredService<HostMetrics>().CalledBack,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Callbacks>>());
    }
}
