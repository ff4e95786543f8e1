namespace FunctionsBroker.SessionHost.Lifetime;

/// <summary>When the host's row was last written.</summary>
/// <remarks>
/// By a clock that nobody sets, and that goes on while the process is frozen. Three intervals after the last beat the front gives
/// the host's sessions to others.
/// </remarks>
internal sealed class BeatClock(TimeSpan interval, TimeProvider time)
{
    private long _latest;
    private bool _gap;

    /// <summary>Whether a beat was written no longer ago than the front still takes the host for alive.</summary>
    public bool IsCurrent => Elapsed < interval * 3;

    /// <summary>Whether two beats in a row are missing, or were and nobody has acted on it: others may have this host's sessions.</summary>
    public bool IsCutOff => IsOverdue || Volatile.Read(ref _gap);

    /// <summary>The row was written.</summary>
    /// <param name="sent">The clock's timestamp when the beat was sent: the row says that the host lived then, not when the answer came.</param>
    public void Note(long sent)
    {
        if (IsOverdue)
        {
            // A host that was frozen may beat before it looks whether it has missed any.
            Volatile.Write(ref _gap, true);
        }

        Volatile.Write(ref _latest, sent);
    }

    /// <summary>What was missed up to now is acted on.</summary>
    public void Settle() => Volatile.Write(ref _gap, false);

    private bool IsOverdue => Elapsed >= interval * 2.5;

    // Null before the first, with which comparisons are false.
    private TimeSpan? Elapsed => Volatile.Read(ref _latest) is > 0 and var latest ? time.GetElapsedTime(latest) : null;
}
