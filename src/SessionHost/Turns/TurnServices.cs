using FunctionsBroker.ClaudeCode.Channels;
using FunctionsBroker.ClaudeCode.Hooks;
using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.ClaudeCode.Transports;
using FunctionsBroker.ClaudeCode.Transports.Api;
using FunctionsBroker.SessionHost.Options;
using FunctionsBroker.SessionHost.Outcomes;
using FunctionsBroker.SessionHost.Pool;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FunctionsBroker.SessionHost.Turns;

/// <summary>Puts together what runs turns.</summary>
internal static class TurnServices
{
    public static IServiceCollection AddTurns(this IServiceCollection services)
    {
        services.TryAddSingleton(_ => HostEnvironment.OfThisProcess());
        services.TryAddSingleton(InterruptGrace.Default);
        services.AddSingleton(provider => new ClaudeLauncher(
            provider.GetRequiredService<SessionHostOptions>().ClaudeBinary,
            provider.GetRequiredService<HostEnvironment>().Variables,
            SessionUsersOf(provider.GetRequiredService<SessionHostOptions>()),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ClaudeLauncher>>()));
        services.AddSingleton<LoopbackAddress>();
        services.AddSingleton(provider => new ChannelLauncher(
            provider.GetRequiredService<ClaudeLauncher>(),
            provider.GetRequiredService<HookRoutes>(),
            provider.GetRequiredService<LoopbackAddress>().FindAsync,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ChannelLauncher>>()));
        services.AddSingleton<ProcessLaunchers>();
        services.AddSingleton<ITransport, StreamJsonTransport>();
        services.AddSingleton<ITransport, ChannelTransport>();
        services.AddSingleton<ITransport, OneShotTransport>();
        services.AddSingleton<ITransport>(provider => new ApiTransport(
            ApiCredentials.From(provider.GetRequiredService<HostEnvironment>().Variables),
            new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(10), ConnectTimeout = TimeSpan.FromSeconds(10) },
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(BreakerBounds.Default);
        services.AddSingleton<Breakers>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<TurnRecorder>(
            provider,
            provider.GetRequiredService<SessionHostOptions>().HostId));
        services.AddSingleton(CreatePipeline);
        return services;
    }

    private static SessionUsers? SessionUsersOf(SessionHostOptions options) =>
        UserRange.TryParse(options.SessionUids, out var range) ? new SessionUsers(range.First, range.Last) : null;

    private static TurnPipeline CreatePipeline(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<SessionHostOptions>();
        return ActivatorUtilities.CreateInstance<TurnPipeline>(
            provider,
            provider.GetServices<ITransport>().ToList(),
            new TurnBounds(options.TurnIdle, options.TurnMax, provider.GetRequiredService<InterruptGrace>().Value));
    }
}
