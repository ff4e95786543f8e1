using System.Text.Json;
using FunctionsBroker.ClaudeCode.Channels;
using FunctionsBroker.ClaudeCode.Interactive;
using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.ClaudeCode.StreamJson;

namespace FunctionsBroker.ClaudeCode.Launch;

public sealed partial class ClaudeLauncher
{
    /// <summary>Brings a conversation's process up in a terminal.</summary>
    /// <param name="ready">Ends when the process is connected with our MCP server; is called for each attempt.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled; no process is left.</exception>
    internal async Task<InteractiveStart> StartInteractiveAsync(
        ClaudeLaunch launch,
        InteractiveLaunch terms,
        Func<CancellationToken, Task> ready,
        CancellationToken cancellationToken)
    {
        if (FindMissing(launch) is { } missing)
        {
            return new InteractiveStart.Failed($"The program '{missing}' is not installed, and the transport '{ClaudeTransports.Channel}' needs it.");
        }

        try
        {
            Prepare(launch);
            var start = await ResumeOrBeginAsync(launch, resume => StartInteractiveAsync(launch, terms, resume, ready, cancellationToken), RefusalOf);
            return start is InteractiveStart.Ready or InteractiveStart.Failed
                ? start
                : new InteractiveStart.Failed("The CLI neither resumes this conversation nor begins it.");
        }
        catch (JsonException exception)
        {
            return new InteractiveStart.Failed($"The profile's settings cannot be read: {exception.Message}");
        }
    }

    // Without the relay the CLI would wait for its MCP server until nobody has patience any more.
    private string? FindMissing(ClaudeLaunch launch)
    {
        var environment = ClaudeEnvironment.For(launch.Folders, hostEnvironment, launch.Profile.ExtraEnvironment);
        return ((string[])[Terminal.Program, ChannelSocket.RelayProgram]).FirstOrDefault(program => !File.Exists(ProgramPath.Find(program, environment)));
    }

    private Task<InteractiveStart> StartInteractiveAsync(
        ClaudeLaunch launch,
        InteractiveLaunch terms,
        bool resume,
        Func<CancellationToken, Task> ready,
        CancellationToken cancellationToken)
    {
        var environment = ClaudeEnvironment.For(launch.Folders, hostEnvironment, launch.Profile.ExtraEnvironment);
        var program = ProgramPath.Find(binary, environment);
        var profile = ChannelFiles.Write(launch, terms, environment);
        var cli = Terminal.Wrap(new CliLaunch
        {
            FileName = program,
            Arguments = ClaudeArguments.ForInteractive(profile, launch.Folders, ChannelFiles.ServerName, launch.ClaudeSessionId, resume),
            WorkingDirectory = launch.Folders.Work,
            Environment = environment,
        });
        return InteractiveProcess.StartAsync(Confine(launch, cli, program), terms, resume, (_, token) => ready(token), time, logger, cancellationToken);
    }

    private static ClaudeStart? RefusalOf(InteractiveStart start) => start switch
    {
        InteractiveStart.NoConversation => new ClaudeStart.NoConversation(),
        InteractiveStart.ConversationExists => new ClaudeStart.ConversationExists(),
        _ => null,
    };
}
