using FunctionsBroker.Local.Durable;
using FunctionsBroker.Local.Functions.Configuration;
using FunctionsBroker.Local.Functions.Discovery;
using FunctionsBroker.Local.Functions.Invocation;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Local.Functions.Durable;

/// <summary>The app's task hub and the functions that run in it.</summary>
internal sealed class DurableFunctions : IAsyncDisposable
{
    private const string SiteNameSetting = "WEBSITE_SITE_NAME";

    private readonly DurableTaskRegistry _registry;
    private readonly string _hubName;
    private readonly AppSettings _settings;

    public DurableFunctions(AppSettings settings, DurableTaskHostOptions host, DataConverter converter, ILoggerFactory loggers, TimeProvider time)
    {
        _registry = new DurableTaskRegistry { Converter = converter };
        _settings = settings;
        _hubName = HubName(settings, host);
        var options = new TaskHubOptions { HubName = _hubName };
        options.MaxConcurrentActivities = host.MaxConcurrentActivityFunctions ?? options.MaxConcurrentActivities;
        options.MaxConcurrentOrchestrations = host.MaxConcurrentOrchestratorFunctions ?? options.MaxConcurrentOrchestrations;
        Hub = new TaskHub(settings.GetStorage(null).CreateTables(), options, _registry, loggers, time);
    }

    public TaskHub Hub { get; }

    /// <summary>Registers a function under the name that its attribute gives, or its own.</summary>
    public void Add(FunctionDescriptor descriptor, CompiledFunction function, FunctionExecutor executor)
    {
        switch (descriptor.Trigger)
        {
            case OrchestrationTriggerAttribute trigger:
                _registry.AddOrchestrator(
                    trigger.Orchestration ?? descriptor.Name,
                    context => executor.ExecuteEpisodeAsync(function, context, CancellationToken.None));
                break;
            case ActivityTriggerAttribute trigger:
                _registry.AddActivity(
                    trigger.Activity ?? descriptor.Name,
                    (context, input, cancellationToken) => executor.ExecuteAsync(function, new ActivityInvocation(context, input), cancellationToken));
                break;
            case EntityTriggerAttribute trigger:
                _registry.AddEntity(
                    trigger.EntityName ?? descriptor.Name,
                    (operation, cancellationToken) => executor.ExecuteAsync(function, operation, cancellationToken));
                break;
            default:
                throw new ArgumentException($"Function '{descriptor.Name}' is not durable.", nameof(descriptor));
        }
    }

    /// <exception cref="NotSupportedException">The attribute asks for another hub or account than the app's own.</exception>
    public DurableTaskClient ClientFor(DurableClientAttribute attribute)
    {
        if (attribute.TaskHub is { } hub && _settings.Resolve(hub) != _hubName)
        {
            throw new NotSupportedException($"[DurableClient] asks for task hub '{hub}'; the local runtime has '{_hubName}' only.");
        }

        if (attribute.ConnectionName is { } connection && _settings.GetStorage(connection) != _settings.GetStorage(null))
        {
            throw new NotSupportedException($"[DurableClient] asks for connection '{connection}'; the local runtime's task hub is in AzureWebJobsStorage.");
        }

        return Hub.Client;
    }

    public ValueTask DisposeAsync() => Hub.DisposeAsync();

    // As the real extension: host.json, else the site's name without what a hub's name may not hold, else TestHubName.
    private static string HubName(AppSettings settings, DurableTaskHostOptions host)
    {
        if (host.HubName is { Length: > 0 } configured)
        {
            return settings.Resolve(configured);
        }

        var site = settings.Find(SiteNameSetting);
        var name = new string([.. (site ?? string.Empty).Where(char.IsAsciiLetterOrDigit)]);
        return name.Length >= 3 && char.IsAsciiLetter(name[0]) ? name[..Math.Min(name.Length, 45)] : "TestHubName";
    }
}
