namespace FunctionsBroker.Local.Functions.Queues;

/// <summary>The times of a queue listener that no setting changes.</summary>
internal sealed record QueueListenerTiming
{
    /// <summary>How long a received message stays invisible before it must be renewed. The real listener's 10 minutes.</summary>
    public TimeSpan ProcessingVisibility { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The first wait after an empty look at a quiet queue. The real listener's 100 ms.</summary>
    public TimeSpan MinimumPollingInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The wait after an empty look while messages are recent.</summary>
    /// <remarks>Shorter than the real listener's: a look at a local emulator costs no money, and a reply should not wait for the next one.</remarks>
    public TimeSpan BusyPollingInterval { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How long messages count as recent.</summary>
    public TimeSpan BusyPeriod { get; init; } = TimeSpan.FromSeconds(10);
}
