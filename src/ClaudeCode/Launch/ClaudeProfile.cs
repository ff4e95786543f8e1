namespace FunctionsBroker.ClaudeCode.Launch;

/// <summary>How a conversation's process is run: fixed when the process starts.</summary>
public sealed record ClaudeProfile
{
    /// <summary>The model's name or alias; null leaves it to the CLI.</summary>
    public string? Model { get; init; }

    /// <summary>Replaces the CLI's own system prompt.</summary>
    public string? SystemPrompt { get; init; }

    /// <summary>Is added to the system prompt.</summary>
    public string? AppendSystemPrompt { get; init; }

    /// <summary>The tools that exist, separated by commas; empty means none, null leaves the CLI's own set.</summary>
    public string? Tools { get; init; }

    /// <summary>Rules for tools that may run unasked, such as <c>Bash(git log:*)</c>.</summary>
    public IReadOnlyList<string> AllowedTools { get; init; } = [];

    /// <summary>Rules for tools that may not run.</summary>
    public IReadOnlyList<string> DisallowedTools { get; init; } = [];

    /// <summary>One of <see cref="ClaudePermissionModes.All"/>; null leaves the CLI's default, which denies what no rule allows.</summary>
    public string? PermissionMode { get; init; }
}
