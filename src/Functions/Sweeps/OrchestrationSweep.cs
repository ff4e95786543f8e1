using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Functions.Sweeps;

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
