namespace FunctionsBroker.SessionHost.Turns;

/// <summary>Stops what fails again and again from being tried, for a while that grows with each further failure.</summary>
/// <remarks>After the pause one try is let through: it closes the breaker or opens it again. Safe for concurrent use.</remarks>
internal sealed class Breaker(BreakerBounds bounds, TimeProvider time)
{
    private readonly Lock _lock = new();
    private long _failedAt;
    private TimeSpan _pause;
    private bool _trying;

    /// <summary>How often it has failed in a row.</summary>
    public int Failures { get; private set; }

    /// <summary>Whether it stops tries now.</summary>
    public bool IsOpen
    {
        get
        {
            lock (_lock)
            {
                return Failures >= bounds.Failures && time.GetElapsedTime(_failedAt) < _pause;
            }
        }
    }

    /// <summary>Whether the last failure is so long ago that nothing follows from it any more.</summary>
    public bool IsForgotten
    {
        get
        {
            lock (_lock)
            {
                return !_trying && time.GetElapsedTime(_failedAt) >= bounds.LongestPause * 2;
            }
        }
    }

    /// <summary>Asks for leave to try; the outcome is then told to <see cref="Fail"/>, or the breaker is dropped.</summary>
    /// <returns>Null, or how long to wait.</returns>
    public TimeSpan? Refuse()
    {
        lock (_lock)
        {
            if (Failures < bounds.Failures)
            {
                return null;
            }

            var left = _pause - time.GetElapsedTime(_failedAt);
            if (left > TimeSpan.Zero)
            {
                return left;
            }

            // Somebody is at it: whoever comes meanwhile waits for what becomes of that.
            if (_trying)
            {
                return bounds.FirstPause;
            }

            _trying = true;
            return null;
        }
    }

    /// <summary>The try came to an end that says nothing about what is guarded here.</summary>
    public void Release()
    {
        lock (_lock)
        {
            _trying = false;
        }
    }

    public void Fail()
    {
        lock (_lock)
        {
            Failures++;
            _failedAt = time.GetTimestamp();
            _trying = false;
            if (Failures < bounds.Failures)
            {
                return;
            }

            var pause = bounds.FirstPause * Math.Pow(2, Math.Min(Failures - bounds.Failures, 30));
            _pause = pause < bounds.LongestPause ? pause : bounds.LongestPause;
        }
    }
}

/// <summary>When a breaker opens, and for how long.</summary>
/// <param name="Failures">In a row.</param>
/// <param name="FirstPause">After that many; doubled by each further failure.</param>
internal sealed record BreakerBounds(int Failures, TimeSpan FirstPause, TimeSpan LongestPause)
{
    /// <summary>5 failures; 10 s to 5 minutes.</summary>
    public static BreakerBounds Default { get; } = new(5, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(5));
}
