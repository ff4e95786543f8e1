using FunctionsBroker.Functions.Configuration;
using FunctionsBroker.Sessions.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FunctionsBroker.Functions.Sweeps;

/// <summary>What is done from time to time, by one instance of the front.</summary>
internal sealed class SweepFunctions(SessionSweep sessions, RetentionSweep retention, TurnRepair repair, OrchestrationSweep orchestrations)
{
    [Function("SweepSessions")]
    public Task SweepSessionsAsync(
        [TimerTrigger("0 * * * * *")] TimerInfo timer,
        [DurableClient] DurableTaskClient durable,
        CancellationToken cancellationToken) =>
        sessions.SweepAsync(durable, cancellationToken);

    [Function("SweepOldTurns")]
    public Task SweepOldTurnsAsync([TimerTrigger("0 23 * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        retention.SweepAsync(cancellationToken);

    [Function("RepairTurns")]
    public Task RepairTurnsAsync(
        [TimerTrigger("30 * * * * *")] TimerInfo timer,
        [DurableClient] DurableTaskClient durable,
        CancellationToken cancellationToken) =>
        repair.SweepAsync(durable, cancellationToken);

    [Function("PurgeOrchestrations")]
    public Task PurgeOrchestrationsAsync(
        [TimerTrigger("15 */5 * * * *")] TimerInfo timer,
        [DurableClient] DurableTaskClient durable,
        CancellationToken cancellationToken) =>
        orchestrations.SweepAsync(durable, cancellationToken);
}

/// <summary>Removes turns, sums of usage, and rows of hosts that died, when they have been kept for long enough.</summary>
internal sealed class RetentionSweep(
    ITurnStore turns,
    ITurnJournal journal,
    IUsageStore usage,
    IConversationIndex conversations,
    IHostStore hosts,
    IOptions<BrokerOptions> options,
    TimeProvider time)
{
    // Long enough for people to see that it died.
    private static readonly TimeSpan s_keepDeadHosts = TimeSpan.FromDays(1);

    private const int TurnsAtOnce = 500;

    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var oldest = now - options.Value.TurnRetention;
        await foreach (var activity in journal.ListAsync(since: null, oldest - TurnActivity.Length, cancellationToken))
        {
            while (!await turns.EraseEndedAsync(activity.SessionId, activity.End, TurnsAtOnce, cancellationToken))
            {
                // There are more.
            }

            await journal.RemoveAsync(activity, cancellationToken);
        }

        await conversations.RemoveBeforeAsync(oldest, cancellationToken);
        await hosts.RemoveBeforeAsync(now - s_keepDeadHosts, cancellationToken);
        await usage.RemoveBeforeAsync(DateOnly.FromDateTime((now - options.Value.UsageRetention).UtcDateTime), cancellationToken);
    }
}

/// <summary>Forgets orchestrations that have ended. What became of their turns is in the Turns table.</summary>
internal sealed partial class OrchestrationSweep(TimeProvider time, ILogger<OrchestrationSweep> logger)
{
    // Long enough to look at what has just happened, and for the last callbacks of hosts to find their orchestration.
    private static readonly TimeSpan s_keepCompleted = TimeSpan.FromMinutes(30);

    // These tell of bugs, and the repair of their turns looks at them.
    private static readonly TimeSpan s_keepBroken = TimeSpan.FromDays(7);

    public async Task SweepAsync(DurableTaskClient durable, CancellationToken cancellationToken)
    {
        var purged = await PurgeAsync(durable, s_keepCompleted, [OrchestrationRuntimeStatus.Completed], cancellationToken)
            + await PurgeAsync(durable, s_keepBroken, [OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated], cancellationToken);
        if (purged > 0)
        {
            LogPurged(purged);
        }
    }

    private async Task<int> PurgeAsync(
        DurableTaskClient durable,
        TimeSpan age,
        IReadOnlyList<OrchestrationRuntimeStatus> statuses,
        CancellationToken cancellationToken)
    {
        var filter = new PurgeInstancesFilter(CreatedTo: time.GetUtcNow() - age, Statuses: statuses);
        return (await durable.PurgeAllInstancesAsync(filter, cancellationToken)).PurgedInstanceCount;
    }

    [LoggerMessage(EventIds.OrchestrationsPurged, LogLevel.Information, "Purged {Count} orchestrations that had ended")]
    private partial void LogPurged(int count);
}
