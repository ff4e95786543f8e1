using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.ClaudeCode.Transports;
using FunctionsBroker.Contracts.Problems;

namespace FunctionsBroker.ClaudeCode.Tests.Transports;

/// <summary>A session that has no process, and counts how often that was made sure of.</summary>
internal sealed class NoProcess : ISessionProcess
{
    public int Cleared { get; private set; }

    public IClaudeProcess? Live => null;

    public Task<ClaudeLaunchResult> StartAsync(IProcessLauncher launcher, CancellationToken stopping) =>
        throw new InvalidOperationException("There is no process to start.");

    public Task<Problem?> ClearAsync(CancellationToken stopping)
    {
        Cleared++;
        return Task.FromResult<Problem?>(null);
    }

    public Task EnterAsync(ProcessIdentity process) => throw new InvalidOperationException("No process was started.");

    public void Leave(ProcessIdentity process) => throw new InvalidOperationException("No process was started.");
}
