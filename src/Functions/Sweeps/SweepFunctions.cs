using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace FunctionsBroker.Functions.Sweeps;

/// <summary>What is done from time to time, by one instance of the front.</summary>
internal sealed class SweepFunctions(SessionSweep sessions, RetentionSweep retention)
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
}
