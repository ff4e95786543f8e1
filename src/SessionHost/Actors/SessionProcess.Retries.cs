using FunctionsBroker.ClaudeCode.Transports;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.SessionHost.Turns;

namespace FunctionsBroker.SessionHost.Actors;

/// <summary>Has the model shown a prompt once, however often it was sent.</summary>
internal sealed partial class SessionProcess
{
    /// <summary>Takes what earlier tries at a turn have left out of the conversation, and the process with it that remembers them.</summary>
    /// <returns>Whether there was something, and if the session may not be used from here any more, why.</returns>
    public async Task<(bool Removed, Problem? Problem)> RemoveEarlierTriesAsync(TurnRun run, TransportTurn turn)
    {
        if (await EarlierTries.FindAsync(turn) is null)
        {
            return (false, null);
        }

        if (await ClearAsync(run, run.Stopping) is { } lost)
        {
            return (false, lost);
        }

        // A process writes until it has ended.
        return (await EarlierTries.FindAsync(turn) is { } start && await _keeper.TryCutAsync(start, run.Stopping), null);
    }
}
