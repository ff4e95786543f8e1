namespace FunctionsBroker.ClaudeCode.Interactive;

/// <summary>What an interactive process needs beside its conversation.</summary>
internal sealed record InteractiveLaunch
{
    public required HookAddress Hooks { get; init; }

    public required ChannelAddress Channel { get; init; }

    /// <summary>How long somebody may take to allow a tool.</summary>
    public TimeSpan PermissionTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Where the end of a turn is reported as well; null for nowhere.</summary>
    public Uri? StopHookUrl { get; init; }

    /// <summary>Whether a known question at the start may be answered by key. Without it the question is a failure with its text.</summary>
    public bool AcceptPrompts { get; init; }

    /// <summary>How long the process may take until it is ready. Measured: 0.75 s alone.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);
}
