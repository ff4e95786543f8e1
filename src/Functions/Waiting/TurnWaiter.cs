using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Functions.Waiting;

/// <summary>Waits until a turn has ended.</summary>
internal sealed class TurnWaiter(ITurnStore turns, TurnCompletions completions, TimeProvider time)
{
    // Another instance may finish the turn; then only looking tells. Locally the announcement comes first.
    private static readonly TimeSpan s_lookAgain = TimeSpan.FromSeconds(1);

    /// <returns>The turn when it has ended, or as it is when the time is up.</returns>
    public async Task<TurnRecord> WaitAsync(TurnRecord turn, TimeSpan limit, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        using var subscription = completions.Subscribe(turn.SessionId, turn.TurnId);
        while (!turn.Status.IsTerminal())
        {
            // Read after subscribing, and again after every wake-up, so that no end is missed.
            turn = await ReadAsync(turn, cancellationToken);
            var left = limit - time.GetElapsedTime(started);
            if (turn.Status.IsTerminal() || left <= TimeSpan.Zero)
            {
                break;
            }

            await PauseAsync(subscription.Announced, left < s_lookAgain ? left : s_lookAgain, cancellationToken);
        }

        return turn;
    }

    private async Task<TurnRecord> ReadAsync(TurnRecord turn, CancellationToken cancellationToken) =>
        await turns.FindAsync(turn.SessionId, turn.TurnId, cancellationToken) is { } found ? found.Value : turn;

    private async Task PauseAsync(Task announced, TimeSpan pause, CancellationToken cancellationToken)
    {
        // An announcement that did not come with an ended row is spent: from then on only the clock paces.
        if (announced.IsCompleted)
        {
            await Task.Delay(pause, time, cancellationToken);
            return;
        }

        try
        {
            await announced.WaitAsync(pause, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Time to look again.
        }
    }
}
