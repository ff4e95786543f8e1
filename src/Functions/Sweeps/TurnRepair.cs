using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.Functions.Configuration;
using FunctionsBroker.Functions.Mailbox;
using FunctionsBroker.Functions.Orchestration;
using FunctionsBroker.Sessions.Keys;
using FunctionsBroker.Sessions.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FunctionsBroker.Functions.Sweeps;

/// <summary>Takes up turns that were left behind, so that every turn comes to an end.</summary>
/// <remarks>
/// A front may die between a turn's row and its signal to the mailbox: the turn is then put into the mailbox again. An
/// orchestration may break so badly that it ends before its turn has: the turn then ends as failed. Neither is to happen
/// often, and both are harmless where nothing was left behind.
/// </remarks>
internal sealed partial class TurnRepair(ITurnStore turns, IOptions<BrokerOptions> options, TimeProvider time, ILogger<TurnRepair> logger)
{
    // A front that lives has signalled by then.
    private static readonly TimeSpan s_youngest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_lookBack = TimeSpan.FromDays(2);

    // A turn that waits for others has no orchestration either, and need not be asked after every minute.
    private static readonly TimeSpan s_young = TimeSpan.FromMinutes(3);
    private const int SeldomMinutes = 10;

    public async Task SweepAsync(DurableTaskClient durable, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await foreach (var turn in turns.ListOpenAsync(now - s_youngest, s_lookBack, cancellationToken))
        {
            await RepairAsync(turn, now - turn.Timings.CreatedAt, durable, cancellationToken);
        }
    }

    private async Task RepairAsync(TurnRecord turn, TimeSpan age, DurableTaskClient durable, CancellationToken cancellationToken)
    {
        var instanceId = StorageKeys.TurnInstanceId(turn.SessionId, turn.TurnId);
        var instance = await durable.GetInstanceAsync(instanceId, cancellationToken);

        // One that is older than the turn belongs to another turn of the same name, in a session that was deleted since.
        if (instance is null || instance.CreatedAt < turn.Timings.CreatedAt)
        {
            if (age < s_young || (int)age.TotalMinutes % SeldomMinutes == 0)
            {
                await SessionEntity.SubmitAsync(durable, turn, dispatched: null, cancellationToken);
            }

            return;
        }

        if (instance.IsCompleted
            && await turns.FindAsync(turn.SessionId, turn.TurnId, cancellationToken) is { Value: var now }
            && !now.Status.IsTerminal())
        {
            LogBroken(turn.TurnId.Value, turn.SessionId.Value, instance.RuntimeStatus);
            var input = new RunTurn(turn.SessionId, turn.TurnId, TurnPolicy.From(options.Value)) { Refusal = ProblemCatalogue.InternalError(instanceId) };
            await durable.ScheduleNewOrchestrationInstanceAsync(nameof(TurnOrchestration), input, new StartOrchestrationOptions(instanceId), cancellationToken);
        }
    }

    [LoggerMessage(EventIds.TurnRepaired, LogLevel.Error, "Turn {TurnId} of session {SessionId} has not ended, but its orchestration is {Status}: the turn fails")]
    private partial void LogBroken(string turnId, string sessionId, OrchestrationRuntimeStatus status);
}
