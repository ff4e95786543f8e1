using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.ClaudeCode.Transcripts;
using FunctionsBroker.Contracts.Problems;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.ClaudeCode.Launch;

/// <summary>Brings a conversation's process up: takes its transcript up where there is one, begins afresh where there is none.</summary>
/// <param name="binary">The CLI's path, or its name on the <c>PATH</c>.</param>
/// <param name="hostEnvironment">The host's own environment, of which an allow-list is passed on.</param>
/// <param name="users">Gives every process a user of its own; null where all run as the host does.</param>
public sealed partial class ClaudeLauncher(
    string binary,
    IReadOnlyDictionary<string, string> hostEnvironment,
    SessionUsers? users,
    TimeProvider time,
    ILogger<ClaudeLauncher> logger) : IProcessLauncher
{
    /// <summary>In a reply whose conversation could not be taken up.</summary>
    public const string HistoryLostNotice =
        "The earlier conversation could not be resumed, because its transcript is gone; this reply begins a new one.";

    /// <exception cref="OperationCanceledException">The token was cancelled; no process is left.</exception>
    public async Task<ClaudeLaunchResult> StartAsync(ClaudeLaunch launch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(launch);

        Prepare(launch);
        var start = await ResumeOrBeginAsync(launch, resume => StartAsync(launch, resume, cancellationToken), start => start);
        return start switch
        {
            ClaudeStart.Ready(var process) => new ClaudeLaunchResult.Started(
                process,
                launch.HasHistory && !process.Resumed ? HistoryLostNotice : null),
            ClaudeStart.Failed(var detail) => Failed(detail),
            _ => Failed("The CLI neither resumes this conversation nor begins it."),
        };
    }

    /// <summary>Goes by the transcript that is there, and where the CLI knows better, by what the CLI says.</summary>
    /// <param name="start">Starts a process that takes the conversation up, or begins it.</param>
    /// <param name="refusalOf">What the CLI had against the conversation.</param>
    internal async Task<T> ResumeOrBeginAsync<T>(ClaudeLaunch launch, Func<bool, Task<T>> start, Func<T, ClaudeStart?> refusalOf)
    {
        var started = await start(launch.Transcript.Exists);
        switch (refusalOf(started))
        {
            case ClaudeStart.NoConversation:
                // Killed before its first prompt was written down, or spoilt: the CLI would refuse the id while the file is there.
                LogNoConversation(logger, launch.ClaudeSessionId);
                SetAside(launch.Transcript);
                return await start(false);
            case ClaudeStart.ConversationExists:
                // Shared storage may show a file late.
                return await start(true);
            default:
                return started;
        }
    }

    /// <summary>Starts a process that takes one prompt and ends with its answer.</summary>
    /// <param name="resume">Whether to take up the transcript that is there.</param>
    internal ClaudeStart StartOneShot(ClaudeLaunch launch, bool resume)
    {
        Prepare(launch);
        var arguments = ClaudeArguments.ForOneShot(launch.Profile, launch.Folders, launch.ClaudeSessionId, resume);
        return ClaudeProcess.StartOneShot(Describe(launch, arguments), resume, time, logger);
    }

    private Task<ClaudeStart> StartAsync(ClaudeLaunch launch, bool resume, CancellationToken cancellationToken)
    {
        var arguments = ClaudeArguments.For(launch.Profile, launch.Folders, launch.ClaudeSessionId, resume);
        return ClaudeProcess.StartAsync(Describe(launch, arguments, launch.Profile.Background), resume, launch.Profile.Background, time, logger, cancellationToken);
    }

    private void Prepare(ClaudeLaunch launch)
    {
        launch.Folders.Create();
        McpConfiguration.Write(launch.Folders.McpConfig, launch.Profile.McpServers);
        PutLink(launch.Profile.TranscriptLink, launch.Transcript);
    }

    private CliLaunch Describe(ClaudeLaunch launch, IReadOnlyList<string> arguments, bool background = false)
    {
        var cli = new CliLaunch
        {
            FileName = binary,
            Arguments = arguments,
            WorkingDirectory = launch.Folders.Work,
            Environment = ClaudeEnvironment.For(launch.Folders, hostEnvironment, launch.Profile.ExtraEnvironment, background),
        };
        return Confine(launch, cli);
    }

    private CliLaunch Confine(ClaudeLaunch launch, CliLaunch cli, params IReadOnlyList<string> alsoPrograms)
    {
        var confined = launch.Profile.Sandbox == SandboxMode.Bubblewrap ? Sandbox.Wrap(cli, launch.Folders, launch.Profile, alsoPrograms) : cli;
        return users?.Rent(launch.Folders).Wrap(confined) ?? confined;
    }

    private void PutLink(string? link, Transcript transcript)
    {
        try
        {
            if (link is not null)
            {
                TranscriptLink.Point(link, transcript);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Only readers outside of the broker miss it.
            LogNotLinked(logger, exception, link);
        }
    }

    /// <summary>Moves a transcript out of the way that the CLI cannot resume.</summary>
    private static void SetAside(Transcript transcript)
    {
        if (transcript.Exists)
        {
            File.Move(transcript.Path, transcript.Path + ".unusable", overwrite: true);
        }
    }

    private static ClaudeLaunchResult.Failed Failed(string detail) => new(ProblemCatalogue.ProcessStartFailed(detail));

    [LoggerMessage(EventIds.TranscriptNotLinked, LogLevel.Warning, "The transcript's link {Link} could not be put")]
    private static partial void LogNotLinked(ILogger logger, Exception exception, string? link);

    [LoggerMessage(EventIds.NoConversation, LogLevel.Warning, "The CLI has no conversation {ClaudeSessionId} to resume; it is begun anew")]
    private static partial void LogNoConversation(ILogger logger, Guid claudeSessionId);
}
