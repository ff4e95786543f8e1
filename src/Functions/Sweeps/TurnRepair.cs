using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Configuration;
using FunctionsBroker.Functions.Mailbox;
using FunctionsBroker.Functions.Orchestration;
using FunctionsBroker.Functions.Turns;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Keys;
using FunctionsBroker.Sessions.Mailbox;
using FunctionsBroker.Sessions.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FunctionsBroker.Functions.Sweeps;

/// <summary>Takes up turns that were left behind, so that every turn comes to an end and every reply message is sent.</summary>
/// <remarks>
/// A front may die between a turn's row and its signal to the mailbox: the turn is then put into the mailbox again. An
/// orchestration may break so badly that it ends before its turn has: the turn then ends as failed. A worker that dies while
/// a mailbox works takes the signals with it that the mailbox was given (tests/Platform.Tests): what they said is said again,
/// also for a turn that its host has ended meanwhile and whose reply message nobody has sent.
/// None is to happen often, and all are harmless where nothing was left behind. Each session costs a query, so those that had no
/// turn lately are looked at less often: all of them by an instance that has just begun, then an hour of the past each minute.
/// </remarks>
internal sealed partial class TurnRepair(ITurnStore turns, TurnPublisher publisher, IOptions<BrokerOptions> options, TimeProvider time, ILogger<TurnRepair> logger)
{
    // A front that lives has signalled by then.
    private static readonly TimeSpan s_youngest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_lately = TimeSpan.FromHours(1);
    private const int HoursBack = 48;

    private static readonly TimeSpan s_young = TimeSpan.FromMinutes(3);
    private const int SeldomMinutes = 10;

    private bool _hasLookedAtAll;

    public async Task SweepAsync(DurableTaskClient durable, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (!_hasLookedAtAll)
        {
            await SweepAsync(now - s_youngest, TimeSpan.FromHours(HoursBack), _ => true, durable, cancellationToken);
            _hasLookedAtAll = true;
            return;
        }

        await SweepAsync(now - s_youngest, s_lately, IsDue, durable, cancellationToken);
        var minute = (long)(now - DateTimeOffset.UnixEpoch).TotalMinutes;
        var past = TurnActivity.HourOf(now) - (TurnActivity.Length * (1 + (minute % (HoursBack - 1))));
        await SweepAsync(past - TimeSpan.FromTicks(1), TimeSpan.Zero, _ => true, durable, cancellationToken);
    }

    // A turn that waits for others has no orchestration either, and need not be asked after every minute.
    private static bool IsDue(TimeSpan age) => age < s_young || (int)age.TotalMinutes % SeldomMinutes == 0;

    private async Task SweepAsync(DateTimeOffset createdBefore, TimeSpan lookBack, Func<TimeSpan, bool> isDue, DurableTaskClient durable, CancellationToken cancellationToken)
    {
        await foreach (var turn in turns.ListOpenAsync(createdBefore, lookBack, cancellationToken))
        {
            await RepairAsync(turn, isDue(time.GetUtcNow() - turn.Timings.CreatedAt), durable, cancellationToken);
        }
    }

    /// <param name="isDue">Whether one without an orchestration is put into its mailbox again.</param>
    private async Task RepairAsync(TurnRecord turn, bool isDue, DurableTaskClient durable, CancellationToken cancellationToken)
    {
        if (turn.Origin is not null)
        {
            // It is in no mailbox: it was over before anybody heard of it.
            await publisher.PublishHeardAsync(turn, cancellationToken);
            return;
        }

        var instanceId = StorageKeys.TurnInstanceId(turn.SessionId, turn.TurnId);
        var instance = await durable.GetInstanceAsync(instanceId, cancellationToken);

        // One that is older than the turn belongs to another turn of the same name, in a session that was deleted since.
        if (instance is null || instance.CreatedAt < turn.Timings.CreatedAt)
        {
            if (isDue)
            {
                await SessionEntity.SubmitAsync(durable, turn, dispatched: null, cancellationToken);
                await RepairMailboxAsync(turn, durable, cancellationToken);
            }

            return;
        }

        if (instance.IsCompleted
            && await turns.FindAsync(turn.SessionId, turn.TurnId, cancellationToken) is { Value: var now }
            && !now.IsSettled)
        {
            LogBroken(turn.TurnId.Value, turn.SessionId.Value, instance.RuntimeStatus);
            var input = new RunTurn(turn.SessionId, turn.TurnId, TurnPolicy.From(options.Value)) { Refusal = ProblemCatalogue.InternalError(instanceId) };
            await durable.ScheduleNewOrchestrationInstanceAsync(nameof(TurnOrchestration), input, new StartOrchestrationOptions(instanceId), cancellationToken);
        }
    }

    /// <summary>A turn waits: has what its mailbox waits for ended without the mailbox having heard of it?</summary>
    private async Task RepairMailboxAsync(TurnRecord waiting, DurableTaskClient durable, CancellationToken cancellationToken)
    {
        var session = waiting.SessionId;
        if (await durable.Entities.GetEntityAsync<SessionState>(SessionEntity.IdOf(session), includeState: true, cancellationToken) is not { State: { } mailbox })
        {
            return;
        }

        TurnId[] awaited = [.. mailbox.Ending, .. mailbox.Running is { } running ? [running.TurnId] : (TurnId[])[]];
        foreach (var turn in awaited.Where(turn => turn != waiting.TurnId))
        {
            var row = await turns.FindAsync(session, turn, cancellationToken);
            var instance = await durable.GetInstanceAsync(StorageKeys.TurnInstanceId(session, turn), cancellationToken);

            // An orchestration that is not there was purged, or has still to begin.
            var over = instance?.IsCompleted ?? (row is null || row.Value.Timings.FinishedAt < time.GetUtcNow() - s_young);
            if (over && (row is null || row.Value.Status.IsTerminal()))
            {
                LogMailbox(session.Value, turn.Value);
                await SessionEntity.FinishAsync(durable, session, turn, cancellationToken);
            }
        }

        if (mailbox.Phase == SessionPhase.Erasing && await durable.GetInstanceAsync(StorageKeys.EraseInstanceId(session), cancellationToken) is { IsCompleted: true })
        {
            LogMailbox(session.Value, nameof(EraseSession));
            await SessionEntity.ReopenAsync(durable, session, cancellationToken);
        }
    }

    [LoggerMessage(EventIds.MailboxRepaired, LogLevel.Warning, "The mailbox of session {SessionId} had not heard that {What} has ended; it is told so")]
    private partial void LogMailbox(string sessionId, string what);

    [LoggerMessage(EventIds.TurnRepaired, LogLevel.Error, "Turn {TurnId} of session {SessionId} is not settled, but its orchestration is {Status}: another one settles it")]
    private partial void LogBroken(string turnId, string sessionId, OrchestrationRuntimeStatus status);
}
