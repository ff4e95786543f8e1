using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

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
