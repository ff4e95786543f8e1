namespace FunctionsBroker.SessionHost.Lifetime;

/// <summary>When the host's row was last written.</summary>
/// <remarks>
/// By a clock that nobody sets, and that goes on while the process is frozen. Three intervals after the last beat the front gives
/// the host's sessions to others.
/// </remarks>
internal sealed class BeatClock(TimeSpan interval, TimeProvider time)
{
    private long _latest;

    /// <summary>Whether a beat was written no longer ago than the front still takes the host for alive.</summary>
    public bool IsCurrent => Elapsed < interval * 3;

    /// <summary>Whether two beats in a row are missing: others may be about to have this host's sessions.</summary>
    public bool IsCutOff => Elapsed >= interval * 2.5;

    /// <summary>The row was written.</summary>
    public void Note() => Volatile.Write(ref _latest, time.GetTimestamp());

    // Null before the first, with which comparisons are false.
    private TimeSpan? Elapsed => Volatile.Read(ref _latest) is > 0 and var latest ? time.GetElapsedTime(latest) : null;
}
