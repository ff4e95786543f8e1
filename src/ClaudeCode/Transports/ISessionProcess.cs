using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.Contracts.Problems;

namespace FunctionsBroker.ClaudeCode.Transports;

/// <summary>The one process that a session may have, as its owner hands it to a transport for the length of a try.</summary>
/// <remarks>Two processes of one conversation fork its history without a word, so whoever wants to start another closes this one first.</remarks>
public interface ISessionProcess
{
    /// <summary>The process, if it lives and is of the session's profile; of whatever kind it is.</summary>
    IClaudeProcess? Live { get; }

    /// <summary>Starts the process, or resumes the conversation in it, in place of the one that there may be.</summary>
    /// <param name="launcher">Of the kind of process that is wanted.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled; no process is left.</exception>
    Task<ClaudeLaunchResult> StartAsync(IProcessLauncher launcher, CancellationToken stopping);

    /// <summary>Ends the process if there is one, and sees to it that no other is alive.</summary>
    /// <returns>Null, or why the session may not be used from here any more.</returns>
    Task<Problem?> ClearAsync(CancellationToken stopping);

    /// <summary>Writes down a process that the transport has started itself, so that it can be ended if this host is killed.</summary>
    Task EnterAsync(ProcessIdentity process);

    /// <summary>That process is gone.</summary>
    void Leave(ProcessIdentity process);
}
