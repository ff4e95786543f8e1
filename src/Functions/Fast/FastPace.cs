using FunctionsBroker.Functions.Configuration;

namespace FunctionsBroker.Functions.Fast;

/// <summary>How long a turn that goes to its host at once is waited for.</summary>
internal sealed record FastPace
{
    /// <summary>For the host to say that it has the turn: one that takes longer has no speed to offer.</summary>
    public required TimeSpan Patience { get; init; }

    /// <summary>For its end: who waits longer than this does not notice that he hears of it by the callback.</summary>
    public required TimeSpan LongestLine { get; init; }

    public static FastPace From(BrokerOptions options) =>
        new() { Patience = options.DispatchPatience, LongestLine = options.DispatchFollowLimit };
}
