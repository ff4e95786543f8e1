namespace FunctionsBroker.ClaudeCode.Launch;

/// <summary>Brings up the process of one kind of transport.</summary>
public interface IProcessLauncher
{
    /// <exception cref="OperationCanceledException">The token was cancelled; no process is left.</exception>
    Task<ClaudeLaunchResult> StartAsync(ClaudeLaunch launch, CancellationToken cancellationToken);
}
