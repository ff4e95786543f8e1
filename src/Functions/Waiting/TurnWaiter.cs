using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Fast;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Functions.Waiting;

/// <summary>Waits until a turn has ended.</summary>
internal sealed class TurnWaiter(ITurnStore turns, TurnNotifier notifier, SessionHeads heads, TimeProvider time)
{
    // Another instance may finish the turn: then only the held response, where there is one, or looking tells.
    private static readonly TimeSpan s_lookAgain = TimeSpan.FromSeconds(1);

    /// <inheritdoc cref="WaitAsync(TurnRecord, Task{TurnRecord}, TimeSpan, CancellationToken)"/>
    public Task<TurnRecord> WaitAsync(TurnRecord turn, TimeSpan limit, CancellationToken cancellationToken) =>
        WaitAsync(turn, ended: null, limit, cancellationToken);

    /// <param name="ended">The turn once it has ended, where somebody is about to hear of that; it may give null.</param>
    /// <returns>The turn when it has ended, or as it is when the time is up.</returns>
    public async Task<TurnRecord> WaitAsync(TurnRecord turn, Task<TurnRecord?>? ended, TimeSpan limit, CancellationToken cancellationToken)
    {
        if (limit <= TimeSpan.Zero)
        {
            return turn;
        }

        var started = time.GetTimestamp();

        // A short turn ends before there is anything to look up.
        if (ended is not null && await HearAsync(ended, Shorter(limit, s_lookAgain), cancellationToken) is { } heard)
        {
            return heard;
        }

        using var subscription = notifier.Subscribe(turn.SessionId, turn.TurnId);
        while (!turn.Status.IsTerminal())
        {
            var announced = subscription.Next;
            turn = await ReadAsync(turn, cancellationToken);
            var left = limit - time.GetElapsedTime(started);
            if (turn.Status.IsTerminal() || left <= TimeSpan.Zero)
            {
                break;
            }

            await PauseAsync(ended, announced, Shorter(left, s_lookAgain), cancellationToken);
            if (ended is { IsCompleted: true })
            {
                if (await ended is { } late)
                {
                    return late;
                }

                ended = null;
            }
        }

        return turn;
    }

    private async Task<TurnRecord?> HearAsync(Task<TurnRecord?> ended, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            return await ended.WaitAsync(limit, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // It takes longer, or that somebody is gone: the row says how the turn stands.
            return null;
        }
    }

    private async Task<TurnRecord> ReadAsync(TurnRecord turn, CancellationToken cancellationToken)
    {
        if (await turns.FindAsync(turn.SessionId, turn.TurnId, cancellationToken) is not { } found)
        {
            return turn;
        }

        heads.NoteEnded(found.Value);
        return found.Value;
    }

    private async Task PauseAsync(Task? ended, Task announced, TimeSpan pause, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAny(ended ?? announced, announced).WaitAsync(pause, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Time to look again.
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
