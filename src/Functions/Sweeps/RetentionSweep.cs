using FunctionsBroker.Functions.Configuration;
using FunctionsBroker.Sessions.Storage;
using Microsoft.Extensions.Options;

namespace FunctionsBroker.Functions.Sweeps;

/// <summary>Removes turns, and sums of usage, that have been kept for long enough.</summary>
internal sealed class RetentionSweep(ITurnStore turns, ITurnJournal journal, IUsageStore usage, IOptions<BrokerOptions> options, TimeProvider time)
{
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

        await usage.RemoveBeforeAsync(DateOnly.FromDateTime((now - options.Value.UsageRetention).UtcDateTime), cancellationToken);
    }
}
