namespace FunctionsBroker.Local.Functions.Queues;

/// <summary>Says how long to wait before the next look at a queue: briefly while messages are recent, then exponentially longer with jitter.</summary>
/// <remarks>Used by one listener's loop; not thread-safe.</remarks>
internal sealed class PollingDelay(QueueListenerTiming timing, TimeSpan maximum, TimeProvider time)
{
    private const double Jitter = 0.2;

    private long? _lastFound;
    private TimeSpan _last;

    /// <summary>Notes that the queue had messages.</summary>
    public void Found()
    {
        _lastFound = time.GetTimestamp();
        _last = TimeSpan.Zero;
    }

    /// <summary>Returns the wait after a look that found nothing.</summary>
    public TimeSpan AfterNothing()
    {
        if (_lastFound is { } found && time.GetElapsedTime(found) < timing.BusyPeriod)
        {
            return Shortest(timing.BusyPollingInterval);
        }

        return AfterFailure();
    }

    /// <summary>Returns the wait after a look that failed: never the short one of a busy queue.</summary>
    public TimeSpan AfterFailure()
    {
        _last = _last == TimeSpan.Zero
            ? Shortest(timing.MinimumPollingInterval)
            : Shortest(_last * 2 * (1 - Jitter + (2 * Jitter * Random.Shared.NextDouble())));
        return _last;
    }

    private TimeSpan Shortest(TimeSpan wanted) => wanted < maximum ? wanted : maximum;
}
