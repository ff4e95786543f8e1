using FunctionsBroker.ClaudeCode.Interactive;
using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.Sessions.Identity;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.ClaudeCode.Channels;

/// <summary>Starts the CLI once, without a prompt, to hear whether it takes a channel's messages here.</summary>
/// <remarks>The model is not asked. Nothing tries to change the CLI's mind: what it says is told.</remarks>
/// <param name="binary">The CLI's path, or its name on the <c>PATH</c>.</param>
/// <param name="environment">This program's own environment, of which an allow-list is passed on.</param>
public sealed class ChannelCheck(string binary, IReadOnlyDictionary<string, string> environment, TimeProvider time, ILoggerFactory loggers)
{
    private static readonly TimeSpan s_start = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_word = TimeSpan.FromSeconds(3);

    /// <returns>What was found.</returns>
    public async Task<ChannelFinding> RunAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("functionsbroker-");
        try
        {
            var folders = new SessionFolders(folder.FullName, RouteId.NewRouteId());
            folders.Create();
            return await RunAsync(folders, cancellationToken);
        }
        catch (IOException exception)
        {
            return new ChannelFinding(null, exception.Message);
        }
        finally
        {
            FolderRemoval.Remove(folder.FullName);
        }
    }

    private async Task<ChannelFinding> RunAsync(SessionFolders folders, CancellationToken cancellationToken)
    {
        var socket = new ChannelSocket(folders.Home);
        await using var server = ChannelServer.Listen(socket, SilentListener.Instance, time, loggers.CreateLogger<ChannelServer>());
        var launcher = new ClaudeLauncher(binary, environment, users: null, time, loggers.CreateLogger<ClaudeLauncher>());
        var launch = new ClaudeLaunch { Folders = folders, ClaudeSessionId = Guid.NewGuid(), Profile = new ClaudeProfile { Tools = "" }, HasHistory = false };
        var terms = new InteractiveLaunch
        {
            // Nobody listens, and nothing happens that would be reported: a hook that fails is passed over by the CLI.
            Hooks = new HookAddress(new Uri("http://127.0.0.1:9/"), "none"),
            Channel = new ChannelAddress(ChannelSocket.RelayCommand, socket.RelayArguments),
            Patience = s_start,
        };
        var start = await launcher.StartInteractiveAsync(launch, terms, server.WhenReadyAsync, cancellationToken);
        if (start is not InteractiveStart.Ready(var process))
        {
            return new ChannelFinding(null, (start as InteractiveStart.Failed)?.Detail ?? "The CLI could not be started.");
        }

        await using (process)
        {
            var probe = new ChannelProbe(folders.DebugLog, ChannelProtocol.ServerName, process.Screen, time);
            return await probe.RunAsync(s_word, cancellationToken) switch
            {
                ChannelAvailability.Unavailable(_, var text) => new ChannelFinding(false, text),
                ChannelAvailability.Available(Confirmed: true) => new ChannelFinding(true, "the CLI says that it takes a channel's messages"),
                _ => new ChannelFinding(true, "the CLI says nothing against it"),
            };
        }
    }
}

/// <summary>Whether the CLI takes a channel's messages here.</summary>
/// <param name="Available">Null where that could not be found out.</param>
/// <param name="Text">The CLI's words, or what went wrong, for a person.</param>
public sealed record ChannelFinding(bool? Available, string Text)
{
    /// <summary>One line that begins with a word for a program: <c>available</c>, <c>unavailable</c> or <c>unknown</c>.</summary>
    public override string ToString()
    {
        var word = Available switch { true => "available", false => "unavailable", null => "unknown" };
        return $"{word}: {Text.ReplaceLineEndings(" ")}";
    }
}
