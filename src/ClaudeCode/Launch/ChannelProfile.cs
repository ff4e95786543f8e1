namespace FunctionsBroker.ClaudeCode.Launch;

/// <summary>How a profile's turns go over a channel; see <see cref="ClaudeTransports.Channel"/>.</summary>
public sealed record ChannelProfile
{
    /// <summary>Whether prompts are typed into the terminal where the CLI does not offer channels.</summary>
    public bool TypedInput { get; init; }

    /// <summary>Whether questions that the CLI asks at its start may be answered by key, where they are known.</summary>
    public bool AcceptPrompts { get; init; }

    /// <summary>From a push to a sign that it has arrived; it is pushed twice at most.</summary>
    public TimeSpan Arrival { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the CLI has, once it is connected, to say whether it offers channels.</summary>
    public TimeSpan Probe { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>For how long it is believed that it does not.</summary>
    public TimeSpan Unavailable { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Where the end of a turn is reported beside the host's own address; null for nowhere.</summary>
    public Uri? StopHookUrl { get; init; }

    /// <summary>What the session is called in <see cref="StopHookUrl"/>, beside its route.</summary>
    public IReadOnlyList<string> HookNames { get; init; } = [];
}
