namespace FunctionsBroker.Functions.Events;

/// <summary>How often listening looks where it is not told: another instance may have moved the turn on.</summary>
internal sealed record ListeningPace
{
    /// <summary>After the first look at a turn that nothing is heard of; doubled with each further one.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(10);

    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>From this pause on a turn that is still queued is taken to wait, and its place is asked for.</summary>
    public TimeSpan Settled { get; init; } = TimeSpan.FromMilliseconds(80);

    /// <summary>While a host is quiet: whether the turn is still there.</summary>
    public TimeSpan Look { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a host may take to tell the rest of a turn that has ended.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>After so much quiet a host is listened to anew, because a connection may break without a word.</summary>
    public TimeSpan Quiet { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>How long after a turn's end its host is asked for what happened in it; hosts keep that for two minutes unless set otherwise.</summary>
    public TimeSpan Replayable { get; init; } = TimeSpan.FromMinutes(5);
}
