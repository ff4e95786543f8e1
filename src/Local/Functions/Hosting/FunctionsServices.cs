using System.Text.Json;
using Azure.Core.Serialization;
using FunctionsBroker.Local.Functions.Configuration;
using FunctionsBroker.Local.Functions.Discovery;
using FunctionsBroker.Local.Functions.Http;
using FunctionsBroker.Local.Functions.Queues;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FunctionsBroker.Local.Functions.Hosting;

/// <summary>Registers the runtime's services.</summary>
internal static class FunctionsServices
{
    private const string RequestLogCategory = "Microsoft.AspNetCore.Hosting.Diagnostics";

    public static void AddFunctionsRuntime(
        this IServiceCollection services, FunctionSource source, HostJson hostJson, WorkerPipeline pipeline, WorkerModel model)
    {
        services.AddSingleton(source);
        services.AddSingleton(hostJson);
        services.AddSingleton(pipeline);
        services.AddSingleton(model);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(new QueueListenerTiming());
        services.Configure<JsonSerializerOptions>(json => json.PropertyNameCaseInsensitive = true);
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<WorkerOptions>>().Value.Serializer
            ?? new JsonObjectSerializer(provider.GetRequiredService<IOptions<JsonSerializerOptions>>().Value));
        services.AddSingleton(provider => new AppSettings(provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton(provider => new FunctionKeys(
            SecretsFolderOf(provider.GetRequiredService<IConfiguration>(), provider.GetRequiredService<IHostEnvironment>()),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<FunctionKeys>>()));
        services.AddSingleton(_ => new HttpThrottle(hostJson.Http));
        services.AddSingleton<FunctionsRuntimeFactory>();
        services.AddSingleton(provider => provider.GetRequiredService<FunctionsRuntimeFactory>().Create());

        // A request's log line has its query, and the query may have its key.
        services.PostConfigure<LoggerFilterOptions>(filters =>
            filters.Rules.Add(new LoggerFilterRule(null, RequestLogCategory, LogLevel.Warning, null)));
    }

    private static SecretsFolder SecretsFolderOf(IConfiguration configuration, IHostEnvironment environment)
    {
        if (configuration["AzureWebJobsSecretStorageType"] is { Length: > 0 } type && !type.Equals("files", StringComparison.OrdinalIgnoreCase))
        {
            throw new NotSupportedException($"AzureWebJobsSecretStorageType is '{type}'; the local runtime keeps function keys in files only.");
        }

        var path = configuration["AzureWebJobsSecretsPath"];
        return new SecretsFolder(string.IsNullOrEmpty(path) ? Path.Combine(environment.ContentRootPath, ".secrets") : Path.GetFullPath(path));
    }
}
