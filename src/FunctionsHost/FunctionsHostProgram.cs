using Azure;
using Azure.Storage.Blobs;
using FunctionsBroker.FunctionsHost.App;
using FunctionsBroker.FunctionsHost.Http;
using FunctionsBroker.FunctionsHost.Jobs;
using FunctionsBroker.FunctionsHost.Worker;
using Microsoft.Azure.WebJobs;

namespace FunctionsBroker.FunctionsHost;

/// <summary>One run of the host: its parts, and the order in which they start and stop.</summary>
internal sealed partial class FunctionsHostProgram(FunctionApp app, Uri address, ILoggerFactory loggers, TimeProvider time)
{
    // What runs may end by itself for so long; then it is told to, and has as long again.
    private static readonly TimeSpan s_drain = TimeSpan.FromSeconds(3);

    // Without storage the Durable extension tries for ten minutes to give its partitions back, whatever its token says (measured).
    private static readonly TimeSpan s_triggerLimit = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan s_workerGrace = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan s_storageLimit = TimeSpan.FromSeconds(20);

    private readonly ILogger _log = loggers.CreateLogger("Host");

    /// <summary>Runs the app until the token is cancelled.</summary>
    /// <exception cref="HostException">It cannot be run.</exception>
    public async Task RunAsync(CancellationToken stopping)
    {
        var blobs = CreateBlobs();
        var keys = new FunctionKeys(app.Settings["AzureWebJobsSecretsPath"] is { Length: > 0 } folder ? folder : Path.Combine(app.Folder, ".secrets"));
        using var workers = new WorkerSupervisor(app, loggers, time);
        var invoker = new FunctionInvoker(app, workers);
        FunctionBridge.Connect(invoker);

        await using var rpc = HttpFront.BuildRpc(loggers, workers);
        await using var front = HttpFront.Build(address, loggers, services => services
            .AddSingleton(app).AddSingleton(keys).AddSingleton(invoker).AddSingleton(time).AddSingleton<HttpFunctions>().AddSingleton<HostEndpoints>());
        await HttpFront.StartAsync(rpc, stopping);
        await HttpFront.StartAsync(front, stopping);
        var supervision = workers.StartAsync(new Uri(rpc.Urls.First()));
        IHost? jobs = null;
        try
        {
            await CheckStorageAsync(blobs, stopping);
            var url = new Uri(front.Urls.First());
            jobs = JobHosting.Build(app, url, keys.WebHookKey, blobs, loggers);
            await StartJobsAsync(jobs, invoker, stopping);
            front.Services.GetRequiredService<HostEndpoints>().Connect(jobs);
            await Task.WhenAny(workers.ReadyAsync(stopping), supervision);
            await ThrowIfFailedAsync(supervision);
            Console.WriteLine($"ready {url.GetLeftPart(UriPartial.Authority)}");
            await Task.WhenAny(supervision, Task.Delay(Timeout.InfiniteTimeSpan, time, stopping));
            await ThrowIfFailedAsync(supervision);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // It was told to stop while it started.
        }
        finally
        {
            await StopAsync(front, jobs, workers, rpc);
        }
    }

    private async Task StartJobsAsync(IHost jobs, FunctionInvoker invoker, CancellationToken cancellationToken)
    {
        var host = jobs.Services.GetRequiredService<IJobHost>();
        invoker.SendMessagesAsync = (output, messages, token) => HostFunctions.SendAsync(host, output, messages, token);
        var client = await HostFunctions.GetDurableClientAsync(host, cancellationToken);
        invoker.SetDurableClient(client);
        await jobs.StartAsync(cancellationToken);
        var json = Newtonsoft.Json.Linq.JObject.Parse(client);
        LogDurable(json["taskHubName"]?.ToString(), json["rpcBaseUrl"]?.ToString());
    }

    private async Task StopAsync(WebApplication front, IHost? jobs, WorkerSupervisor workers, WebApplication rpc)
    {
        LogStopping();
        var functions = front.Services.GetRequiredService<HttpFunctions>();
        using var patience = new CancellationTokenSource(s_drain, time);
        using var longer = new CancellationTokenSource(s_drain * 2, time);
        await using var cancelling = patience.Token.UnsafeRegister(static functions => _ = ((HttpFunctions)functions!).CancelAsync(), functions);
        var triggers = Task.WhenAll(front.StopAsync(longer.Token), jobs?.StopAsync(longer.Token) ?? Task.CompletedTask);
        try
        {
            await triggers.WaitAsync(s_triggerLimit, time);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            LogStopTooLong(s_triggerLimit);
        }

        await workers.StopAsync(s_workerGrace);
        await rpc.StopAsync(CancellationToken.None);
    }

    private static async Task ThrowIfFailedAsync(Task supervision)
    {
        if (supervision.IsCompleted)
        {
            await supervision;
        }
    }

    private BlobServiceClient CreateBlobs()
    {
        // An account that is named without a key (AzureWebJobsStorage__accountName) is for Azure's own host: this one is for one machine.
        var text = app.Settings["AzureWebJobsStorage"];
        if (string.IsNullOrEmpty(text))
        {
            throw new HostException(ExitCodes.Storage, "AzureWebJobsStorage is not set; give it a connection string, UseDevelopmentStorage=true for Azurite on its own ports");
        }

        try
        {
            return new BlobServiceClient(text);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            throw new HostException(ExitCodes.Storage, "AzureWebJobsStorage is not a connection string of a storage account");
        }
    }

    private async Task CheckStorageAsync(BlobServiceClient blobs, CancellationToken cancellationToken)
    {
        try
        {
            await blobs.GetPropertiesAsync(cancellationToken).WaitAsync(s_storageLimit, time, cancellationToken);
        }
        catch (RequestFailedException exception) when (exception.Status is StatusCodes.Status403Forbidden or StatusCodes.Status401Unauthorized)
        {
            throw new HostException(ExitCodes.Storage, $"the storage account at {blobs.Uri} refuses the key of AzureWebJobsStorage");
        }
        catch (Exception exception) when (exception is RequestFailedException or AggregateException or TimeoutException)
        {
            throw new HostException(ExitCodes.Storage, $"the storage account at {blobs.Uri} does not answer; is it running, with its blob service?");
        }
    }

    [LoggerMessage(EventIds.DurableReady, LogLevel.Information, "Serves durable task hub {Hub} at {Url}")]
    private partial void LogDurable(string? hub, string? url);

    [LoggerMessage(EventIds.Stopping, LogLevel.Information, "Stopping")]
    private partial void LogStopping();

    [LoggerMessage(EventIds.StopTooLong, LogLevel.Warning, "The triggers did not stop within {Limit}")]
    private partial void LogStopTooLong(TimeSpan limit);
}
