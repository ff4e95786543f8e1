using FunctionsBroker.Functions.Sweeps;
using FunctionsBroker.Functions.Usage;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsBroker.Functions.Sessions;

internal static class SessionServiceCollectionExtensions
{
    /// <summary>Adds what shows, configures and removes sessions, and counts what they use.</summary>
    public static IServiceCollection AddSessions(this IServiceCollection services)
    {
        services.AddSingleton<LiveSessions>();
        services.AddSingleton<SessionReader>();
        services.AddSingleton<SessionConfigurator>();
        services.AddSingleton<SessionDeletion>();
        services.AddSingleton<SessionEraser>();
        services.AddSingleton<SessionSweep>();
        services.AddSingleton<RetentionSweep>();
        services.AddSingleton<TurnRepair>();
        services.AddSingleton<OrchestrationSweep>();
        services.AddSingleton<TurnHistory>();
        services.AddSingleton<SessionSpending>();
        services.AddSingleton<ProfileSpending>();
        services.AddSingleton<UsageReporter>();
        return services;
    }
}
