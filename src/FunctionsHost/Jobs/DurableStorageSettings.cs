using System.ComponentModel;
using System.Reflection;
using DurableTask.AzureStorage;
using FunctionsBroker.FunctionsHost.App;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;

namespace FunctionsBroker.FunctionsHost.Jobs;

/// <summary>
/// Settings of the Durable extension's storage back end that host.json does not have, or does not let go low enough: how
/// soon the next host goes on with what a killed one had in its hands.
/// </summary>
/// <remarks>
/// Section <c>FunctionsHost:Durable</c> of the app settings; its keys are properties of <see cref="AzureStorageOrchestrationServiceSettings"/>.
/// The extension's factory is internal: two of its members are reached by reflection, and a test holds that they are there.
/// </remarks>
internal static class DurableStorageSettings
{
    public const string Section = "FunctionsHost:Durable";

    private const string FactoryType = "AzureStorageDurabilityProviderFactory";
    private const BindingFlags Members = BindingFlags.Instance | BindingFlags.NonPublic;

    // What a killed host had taken off its queues comes back after the visibility timeout, five minutes by default. Its partitions
    // are the next one's at once, because that has its name. Not less than a minute: where a step takes longer than the timeout,
    // its message comes again, the engine gives the step up and from then on takes that instance's messages for doubles (measured
    // with 5 s and with 10 s, while thirty processes started on two cores).
    private static readonly Dictionary<string, string?> s_defaults = new()
    {
        [nameof(AzureStorageOrchestrationServiceSettings.ControlQueueVisibilityTimeout)] = "00:01:00",
        [nameof(AzureStorageOrchestrationServiceSettings.WorkItemQueueVisibilityTimeout)] = "00:01:00",
        [nameof(AzureStorageOrchestrationServiceSettings.LeaseAcquireInterval)] = "00:00:01",
        [nameof(AzureStorageOrchestrationServiceSettings.UseAppLease)] = "false",
        [nameof(AzureStorageOrchestrationServiceSettings.WorkerId)] = "local",
    };

    public static void AddDurableStorageSettings(this IServiceCollection services, FunctionApp app)
    {
        var merged = new ConfigurationBuilder()
            .AddInMemoryCollection(s_defaults)
            .AddInMemoryCollection(app.Settings.GetSection(Section).AsEnumerable(makePathsRelative: true).Where(pair => pair.Value is not null))
            .Build();
        var registration = services.Single(service => service.ServiceType == typeof(IDurabilityProviderFactory) && service.ImplementationType?.Name == FactoryType);
        services.Remove(registration);
        services.AddSingleton(provider =>
        {
            var factory = ActivatorUtilities.CreateInstance(provider, registration.ImplementationType!);
            Apply(merged, SettingsOf(factory));
            return (IDurabilityProviderFactory)factory;
        });
    }

    /// <summary>The settings of the factory, which it uses for the service that it makes at its first use.</summary>
    private static AzureStorageOrchestrationServiceSettings SettingsOf(object factory)
    {
        factory.GetType().GetMethod("EnsureDefaultClientSettingsInitialized", Members)!.Invoke(factory, null);
        return (AzureStorageOrchestrationServiceSettings)factory.GetType().GetField("defaultSettings", Members)!.GetValue(factory)!;
    }

    private static void Apply(IConfiguration values, AzureStorageOrchestrationServiceSettings settings)
    {
        foreach (var value in values.GetChildren())
        {
            var property = typeof(AzureStorageOrchestrationServiceSettings).GetProperty(value.Key, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase)
                ?? throw new HostException(ExitCodes.App, $"there is no setting {Section}:{value.Key}; its keys are properties of {nameof(AzureStorageOrchestrationServiceSettings)}");
            try
            {
                property.SetValue(settings, TypeDescriptor.GetConverter(property.PropertyType).ConvertFromInvariantString(value.Value!));
            }
            catch (Exception exception) when (exception is FormatException or ArgumentException or NotSupportedException)
            {
                throw new HostException(ExitCodes.App, $"{Section}:{value.Key} is '{value.Value}', which is no {property.PropertyType.Name}");
            }
        }
    }
}
