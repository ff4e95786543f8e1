using FunctionsBroker.Functions.Configuration;

namespace FunctionsBroker.Functions.Orchestration;

/// <summary>The limits under which a turn runs, fixed when it starts so that a replay sees the same.</summary>
internal sealed record TurnPolicy(int MaxAttempts, TimeSpan TurnLimit, TimeSpan ProbeInterval)
{
    public static TurnPolicy From(BrokerOptions options) =>
        new(options.MaxAttempts, options.TurnLimit, options.ProbeInterval);
}
