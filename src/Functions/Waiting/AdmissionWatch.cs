using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Configuration;
using FunctionsBroker.Functions.Fast;
using FunctionsBroker.Functions.Mailbox;
using FunctionsBroker.Sessions.Admission;
using FunctionsBroker.Sessions.Mailbox;
using FunctionsBroker.Sessions.Storage;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Options;

namespace FunctionsBroker.Functions.Waiting;

/// <summary>Learns at once whether the mailbox lets a turn run that is not to wait for others.</summary>
internal sealed class AdmissionWatch(ITurnStore turns, TimeProvider time)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until a turn with <c>onBusy: reject</c> has begun or been refused; any other is left as it is.</summary>
    /// <returns>The turn as it then is, or as it is when that takes unusually long.</returns>
    public async Task<TurnRecord> WaitAsync(TurnRecord turn, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (turn is { OnBusy: OnBusy.Reject, Status: TurnStatus.Queued } && time.GetElapsedTime(started) < s_patience)
        {
            await Task.Delay(s_interval, time, cancellationToken);
            turn = await turns.FindAsync(turn.SessionId, turn.TurnId, cancellationToken) is { } found ? found.Value : turn;
        }

        return turn;
    }

    /// <returns>Why the mailbox did not let the turn run at all; null when it did, or has not said yet.</returns>
    public static Problem? FindRefusal(TurnRecord turn) =>
        turn is
        {
            Status: TurnStatus.Failed,
            Attempts.Count: 0,
            Problem: { Code: ProblemCodes.SessionBusy or ProblemCodes.SessionQueueFull } problem,
        }
            ? problem
            : null;
}

/// <summary>Finds out that a turn would find its session's mailbox full, before anything of it is kept.</summary>
/// <remarks>The mailbox itself decides. Between this look and its decision others may take the last place; then the turn ends as refused.</remarks>
internal sealed class MailboxRoom(IOptions<BrokerOptions> options)
{
    /// <param name="newest">The newest turn of its session.</param>
    /// <returns>Null when there is room.</returns>
    public async Task<Problem?> FindProblemAsync(TurnSubmission submission, NewestTurn newest, DurableTaskClient durable, CancellationToken cancellationToken)
    {
        // What is refused for being busy need not wait for room. Of more turns than a mailbox remembers it is not known that they are open.
        var limit = options.Value.MaxWaitingTurns;
        if (submission.OnBusy == OnBusy.Reject || newest.Open.Count < Math.Min(limit + 1, SessionState.RecentTurns))
        {
            return null;
        }

        var mailbox = await durable.Entities.GetEntityAsync<SessionState>(SessionEntity.IdOf(submission.SessionId), cancellationToken);
        return mailbox is { IncludesState: true, State: { Running: not null } state } && state.Waiting.Count >= limit
            ? ProblemCatalogue.SessionQueueFull(limit)
            : null;
    }
}
