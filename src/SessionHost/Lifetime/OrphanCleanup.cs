using FunctionsBroker.SessionHost.Orphans;

namespace FunctionsBroker.SessionHost.Lifetime;

/// <summary>Ends what an earlier run of this host has left, before this run takes any turn.</summary>
internal sealed class OrphanCleanup(LiveProcesses processes) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => processes.EndThoseOfFormerRunAsync();

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
