using FunctionsBroker.ClaudeCode.Transcripts;
using FunctionsBroker.Contracts.Problems;

namespace FunctionsBroker.ClaudeCode.Launch;

/// <summary>Brings up the process of one kind of transport.</summary>
public interface IProcessLauncher
{
    /// <exception cref="OperationCanceledException">The token was cancelled; no process is left.</exception>
    Task<ClaudeLaunchResult> StartAsync(ClaudeLaunch launch, CancellationToken cancellationToken);
}

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

/// <summary>Whether a conversation has its process.</summary>
public abstract record ClaudeLaunchResult
{
    private ClaudeLaunchResult()
    {
    }

    /// <param name="Notice">What the reader of the next reply should know of this start.</param>
    public sealed record Started(IClaudeProcess Process, string? Notice) : ClaudeLaunchResult;

    public sealed record Failed(Problem Problem) : ClaudeLaunchResult;
}
