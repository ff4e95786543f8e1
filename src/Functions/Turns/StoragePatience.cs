using FunctionsBroker.Storage;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Functions.Turns;

/// <summary>Waits for a storage that is away. For messages, whose senders do not wait for an answer.</summary>
/// <remarks>
/// A message that was given back to its queue instead would come again behind those that were sent after it, and go to
/// <c>turns-poison</c> when it had come often enough. While a function has it the runtime keeps it hidden.
/// </remarks>
internal sealed partial class StoragePatience(TimeProvider time, ILogger<StoragePatience> logger)
{
    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(15);

    // A function may take two hours: functionTimeout in host.json.
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(100);

    /// <exception cref="Exception">What the work throws and will not pass, or has not passed for too long.</exception>
    public async Task<T> RunAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        for (var pause = s_first; ; pause = pause * 2 < s_longest ? pause * 2 : s_longest)
        {
            try
            {
                return await work();
            }
            catch (Exception exception) when (StorageFaults.MayPass(exception) && !cancellationToken.IsCancellationRequested && time.GetElapsedTime(started) < s_limit)
            {
                LogAway(exception, pause);
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }

    [LoggerMessage(EventIds.StorageAway, LogLevel.Warning, "A message waits: the storage is away; the next try is made after {Pause}")]
    private partial void LogAway(Exception exception, TimeSpan pause);
}
