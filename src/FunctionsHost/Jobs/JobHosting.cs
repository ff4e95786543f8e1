using System.Security.Cryptography;
using System.Text;
using Azure.Storage.Blobs;
using FunctionsBroker.FunctionsHost.App;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;
using Microsoft.Azure.WebJobs.Extensions.Timers;
using Microsoft.Azure.WebJobs.Host;
using Microsoft.Azure.WebJobs.Host.Config;
using Microsoft.Azure.WebJobs.Host.Executors;

#pragma warning disable CS0612, CS0618 // See LocalServices.

namespace FunctionsBroker.FunctionsHost.Jobs;

/// <summary>The WebJobs SDK's host with the published extensions: queue and timer triggers, and Durable with its own gRPC endpoint.</summary>
internal static class JobHosting
{
    // The SDK's own name of the section that the real host calls AzureFunctionsJobHost.
    private const string SdkSection = "AzureWebJobs";

    private static readonly TimeSpan s_stopLimit = TimeSpan.FromSeconds(5);

    /// <param name="address">Where the front listens: management addresses of Durable are given out under it.</param>
    /// <param name="webHookKey">The key of those addresses.</param>
    public static IHost Build(FunctionApp app, Uri address, string webHookKey, BlobServiceClient blobs, ILoggerFactory loggers)
    {
        var builder = new HostBuilder();
        builder.ConfigureAppConfiguration(configuration => configuration
            .AddConfiguration(app.Settings)
            .AddInMemoryCollection(app.Host.AsEnumerable().Where(pair => pair.Value is not null).Select(pair => new KeyValuePair<string, string?>($"{SdkSection}:{pair.Key}", pair.Value)))
            // By this the extension gives a worker the requests of its protocol.
            .AddInMemoryCollection([new("FUNCTIONS_WORKER_RUNTIME", "dotnet-isolated")]));
        builder.ConfigureWebJobs(jobs =>
        {
            jobs.AddAzureStorageCoreServices();
            jobs.AddAzureStorageQueues();
            jobs.AddTimers();
            jobs.AddDurableTask();
        });
        builder.ConfigureServices(services =>
        {
            services.AddSingleton<ILoggerFactory>(new SharedLoggerFactory(loggers));
            services.AddSingleton<IHostLifetime, InnerLifetime>();
            services.AddSingleton<ITypeLocator>(new FunctionTypes(app));
            services.AddSingleton<IHostIdProvider>(new HostIdProvider(HostIdOf(app)));
            services.AddSingleton<IWebHookProvider>(new WebHookProvider(address, webHookKey));
            services.AddSingleton<IPlatformInformation, PlatformInformation>();
            services.AddSingleton(blobs);
            services.AddSingleton<ScheduleMonitor, BlobScheduleMonitor>();
            services.AddSingleton<IDistributedLockManager, InMemoryLockManager>();
            services.AddDurableStorageSettings(app);
            services.Configure<HostOptions>(options => options.ShutdownTimeout = s_stopLimit);
        });
        return builder.Build();
    }

    // AzureFunctionsWebHost:hostid is the real host's setting. Without it the folder is what the host knows the app by.
    private static string HostIdOf(FunctionApp app) =>
        app.Settings["AzureFunctionsWebHost:hostid"] is { Length: > 0 } id
            ? id
            : "local" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(app.Folder)))[..16];
}

/// <summary>A logger factory that several hosts use and none of them disposes of.</summary>
internal sealed class SharedLoggerFactory(ILoggerFactory inner) : ILoggerFactory
{
    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public ILogger CreateLogger(string categoryName) => inner.CreateLogger(categoryName);

    public void Dispose()
    {
        // Whoever made the inner one does.
    }
}

/// <summary>The lifetime of a host inside the program: signals are the program's, or its hosts would each stop by themselves.</summary>
internal sealed class InnerLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
