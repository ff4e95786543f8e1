using System.Collections;

namespace FunctionsBroker.SessionHost.Outcomes;

/// <summary>Waits between tries: each twice as long as the one before, up to a longest one, until their sum is enough.</summary>
internal sealed class RetryDelays(TimeSpan first, TimeSpan longest, TimeSpan total) : IEnumerable<TimeSpan>
{
    public IEnumerator<TimeSpan> GetEnumerator()
    {
        var spent = TimeSpan.Zero;
        for (var delay = first; spent < total; delay = delay * 2 < longest ? delay * 2 : longest)
        {
            spent += delay;
            yield return delay;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Tries until it is done. A timeout of somebody's own is a failure like any other, although it is thrown as a cancellation.</summary>
    /// <param name="failed">Is told of each failure, and of the wait that follows.</param>
    /// <returns>False when the waits are used up.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<bool> TryAsync(Func<Task> attempt, Action<Exception, TimeSpan> failed, TimeProvider time, CancellationToken cancellationToken)
    {
        foreach (var delay in this)
        {
            try
            {
                await attempt();
                return true;
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                failed(exception, delay);
            }

            await Task.Delay(delay, time, cancellationToken);
        }

        return false;
    }
}
