using FunctionsBroker.ClaudeCode.Processes;

namespace FunctionsBroker.SessionHost.Lifetime;

/// <summary>Keeps a <see cref="ProcessGuardian"/> for as long as the host runs.</summary>
internal sealed class Guardian(ProcessGuardian guardian) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        guardian.Start();
        return Task.CompletedTask;
    }

    // The container disposes it when every process has ended.
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
