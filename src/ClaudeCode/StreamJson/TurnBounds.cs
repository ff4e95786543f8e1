namespace FunctionsBroker.ClaudeCode.StreamJson;

/// <summary>How long a turn may take.</summary>
/// <param name="Idle">Without any output.</param>
/// <param name="Max">In all.</param>
/// <param name="InterruptGrace">Between the request to stop the turn and the end of the process.</param>
public sealed record TurnBounds(TimeSpan Idle, TimeSpan Max, TimeSpan InterruptGrace)
{
    private static readonly TimeSpan s_least = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a process may take until it is ready for the prompt.</summary>
    public TimeSpan Start => Idle < Max ? Idle : Max;

    /// <summary>What is left after some of the time was spent; never nothing, so that what is due at once may still come.</summary>
    public TurnBounds After(TimeSpan spent) => this with { Max = Max - spent > s_least ? Max - spent : s_least };
}
