using FunctionsBroker.ClaudeCode.Launch;

namespace FunctionsBroker.ClaudeCode.Transports;

/// <summary>The one process that a session may have, as its owner hands it to a transport for the length of a try.</summary>
/// <remarks>Two processes of one conversation fork its history without a word, so whoever wants to start another closes this one first.</remarks>
public interface ISessionProcess
{
    /// <summary>The live process; it is started, or the conversation resumed, when there is none.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled; no process is left.</exception>
    ValueTask<ClaudeLaunchResult> UseAsync(CancellationToken stopping);

    /// <summary>Ends the process if there is one.</summary>
    Task CloseAsync();
}
