namespace FunctionsBroker.Functions.Fast;

/// <summary>How long a turn that goes to its host at once is waited for.</summary>
internal sealed record FastPace
{
    /// <summary>For the host to say that it has the turn: one that takes longer has no speed to offer.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>For its end: who waits longer than this does not notice that he hears of it by the callback.</summary>
    public TimeSpan LongestLine { get; init; } = TimeSpan.FromSeconds(20);
}
