namespace FunctionsBroker.ClaudeCode.Launch;

/// <summary>The conversation that a process is wanted for.</summary>
public sealed record ClaudeLaunch
{
    public required SessionFolders Folders { get; init; }

    public required Guid ClaudeSessionId { get; init; }

    public required ClaudeProfile Profile { get; init; }

    /// <summary>Whether turns have been answered in it before, so that a missing transcript is a loss to be told of.</summary>
    public required bool HasHistory { get; init; }
}
