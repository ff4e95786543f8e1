using FunctionsBroker.ClaudeCode.Transcripts;

namespace FunctionsBroker.ClaudeCode.Launch;

/// <summary>The conversation that a process is wanted for.</summary>
public sealed record ClaudeLaunch
{
    public required SessionFolders Folders { get; init; }

    public required Guid ClaudeSessionId { get; init; }

    public required ClaudeProfile Profile { get; init; }

    /// <summary>Whether turns have been answered in it before, so that a missing transcript is a loss to be told of.</summary>
    public required bool HasHistory { get; init; }

    /// <summary>Where the transcript ended when the last turn's outcome was recorded, in bytes; 0 is always safe.</summary>
    public long TranscriptOffset { get; init; }

    /// <summary>The conversation's transcript.</summary>
    public Transcript Transcript => Folders.Transcript(ClaudeSessionId);
}
