namespace FunctionsBroker.SessionHost.Turns;

/// <summary>When a breaker opens, and for how long.</summary>
/// <param name="Failures">In a row.</param>
/// <param name="FirstPause">After that many; doubled by each further failure.</param>
internal sealed record BreakerBounds(int Failures, TimeSpan FirstPause, TimeSpan LongestPause)
{
    /// <summary>5 failures; 10 s to 5 minutes.</summary>
    public static BreakerBounds Default { get; } = new(5, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(5));
}
