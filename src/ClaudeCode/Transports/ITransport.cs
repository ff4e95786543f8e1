using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.StreamJson;

namespace FunctionsBroker.ClaudeCode.Transports;

/// <summary>A way in which a prompt gets to the model and the answer back.</summary>
/// <remarks>Shared by all sessions: what belongs to one is in the turn. A session runs one turn by one transport at a time.</remarks>
public interface ITransport
{
    /// <summary>One of <see cref="ClaudeTransports.All"/>.</summary>
    string Name { get; }

    /// <summary>Tries a turn once. How it ended is in the result, whatever went wrong outside of this program.</summary>
    /// <param name="bounds">How long the try may take; all of it, the start of a process included.</param>
    /// <param name="stopping">Stops the turn.</param>
    Task<TransportResult> RunAsync(TransportTurn turn, TurnBounds bounds, CancellationToken stopping);
}
