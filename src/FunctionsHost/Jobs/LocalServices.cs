using System.Collections.Concurrent;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;
using Microsoft.Azure.WebJobs.Extensions.Timers;
using Microsoft.Azure.WebJobs.Host;
using Microsoft.Azure.WebJobs.Host.Config;
using Microsoft.Azure.WebJobs.Host.Executors;
using Newtonsoft.Json;
using OperatingSystem = Microsoft.Azure.WebJobs.Extensions.DurableTask.OperatingSystem;

// IPlatformInformation and IWebHookProvider are marked obsolete to keep apps away from them; a host has to provide them.
#pragma warning disable CS0612, CS0618

namespace FunctionsBroker.FunctionsHost.Jobs;

/// <summary>Under which name the host keeps its blobs; it stays the same from start to start.</summary>
internal sealed class HostIdProvider(string id) : IHostIdProvider
{
    public Task<string> GetHostIdAsync(CancellationToken cancellationToken) => Task.FromResult(id);
}

/// <summary>Where the Durable extension believes it runs.</summary>
/// <remarks>
/// On "Linux" it writes all its events to a file under /var/log, or, where a variable CONTAINER_NAME makes it see a consumption
/// plan, to the console, with that plan's low concurrency (measured with 3.19.0).
/// </remarks>
internal sealed class PlatformInformation : IPlatformInformation
{
    public OperatingSystem GetOperatingSystem() => OperatingSystem.Windows;

    public WorkerRuntimeType GetWorkerRuntimeType() => WorkerRuntimeType.DotNetIsolated;

    public bool IsInConsumptionPlan() => false;

    public bool IsManagedAppEnvironment() => false;

    public bool UsesExternalPowerShellSDK() => false;

    public string GetLinuxTenant() => "";

    public string GetLinuxStampName() => "";

    public string GetContainerName() => "";
}

/// <summary>Where an extension's own HTTP calls are reached.</summary>
internal sealed class WebHookProvider(Uri host, string key) : IWebHookProvider
{
    public Uri GetUrl(IExtensionConfigProvider extension) => new(host, $"runtime/webhooks/durabletask?code={key}");
}

/// <summary>The locks of a host that is the only one.</summary>
/// <remarks>The SDK's own are leases of blobs, which a killed host holds for a minute more: no timer of the next one would fire so long (measured).</remarks>
internal sealed class InMemoryLockManager : IDistributedLockManager
{
    private readonly ConcurrentDictionary<string, InMemoryLock> _locks = new();

    public Task<string?> GetLockOwnerAsync(string account, string lockId, CancellationToken cancellationToken) =>
        Task.FromResult(_locks.TryGetValue(lockId, out var held) ? held.Owner : null);

    public Task<IDistributedLock?> TryLockAsync(string account, string lockId, string lockOwnerId, string proposedLeaseId, TimeSpan lockPeriod, CancellationToken cancellationToken)
    {
        var held = new InMemoryLock(lockId, lockOwnerId);
        return Task.FromResult<IDistributedLock?>(_locks.TryAdd(lockId, held) ? held : null);
    }

    public Task<bool> RenewAsync(IDistributedLock lockHandle, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task ReleaseLockAsync(IDistributedLock lockHandle, CancellationToken cancellationToken)
    {
        _locks.TryRemove(lockHandle.LockId, out _);
        return Task.CompletedTask;
    }

    private sealed record InMemoryLock(string LockId, string Owner) : IDistributedLock;
}

/// <summary>When the timers last fired, in blobs of the path that the real host uses.</summary>
/// <remarks>The timer package's own class needs a type that Microsoft.Azure.WebJobs.Host.Storage 5 no longer has.</remarks>
internal sealed class BlobScheduleMonitor(BlobServiceClient blobs, IHostIdProvider host) : ScheduleMonitor
{
    public override async Task<ScheduleStatus?> GetStatusAsync(string timerName)
    {
        try
        {
            var content = await (await BlobAsync(timerName)).DownloadContentAsync();
            return JsonConvert.DeserializeObject<ScheduleStatus>(content.Value.Content.ToString());
        }
        catch (RequestFailedException exception) when (exception.Status == StatusCodes.Status404NotFound)
        {
            return null;
        }
    }

    public override async Task UpdateStatusAsync(string timerName, ScheduleStatus status)
    {
        var blob = await BlobAsync(timerName);
        await blob.GetParentBlobContainerClient().CreateIfNotExistsAsync();
        await blob.UploadAsync(BinaryData.FromString(JsonConvert.SerializeObject(status)), overwrite: true);
    }

    private async Task<BlobClient> BlobAsync(string timerName) =>
        blobs.GetBlobContainerClient("azure-webjobs-hosts").GetBlobClient($"timers/{await host.GetHostIdAsync(CancellationToken.None)}/{timerName}/status");
}
