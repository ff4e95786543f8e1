using FunctionsBroker.ClaudeCode.Hooks;
using FunctionsBroker.ClaudeCode.Interactive;
using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Text;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.ClaudeCode.Channels;

/// <summary>Brings up interactive processes, and finds out whether the CLI takes what is pushed to them.</summary>
/// <remarks>
/// What the CLI says of channels is the vendor's decision, and is obeyed: nothing here tries to change it. It is kept for
/// a while, so that not every turn pays for a process that cannot be used. Safe for concurrent use.
/// </remarks>
/// <param name="hookAddress">The host's own address on the loopback interface, as soon as it listens; null where it does not listen there.</param>
public sealed partial class ChannelLauncher(
    ClaudeLauncher launcher,
    HookRoutes routes,
    Func<CancellationToken, Task<Uri?>> hookAddress,
    TimeProvider time,
    ILogger<ChannelLauncher> logger) : IProcessLauncher
{
    /// <summary>In a reply whose prompt was typed.</summary>
    public const string TypedNotice =
        "The CLI takes nothing from the broker's channel, so the prompt was typed into its terminal, as the profile allows.";

    /// <summary>How long the steps of a turn may take; the arrival is the profile's.</summary>
    internal ChannelBounds Bounds { get; init; } = ChannelBounds.Default;

    private readonly Lock _lock = new();
    private Problem? _refusal;
    private long _refusedAt;

    /// <returns>What the CLI has said against channels of late, where a turn of the profile could not go without them; else null.</returns>
    public Problem? WhyUnusable(ClaudeProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);

        lock (_lock)
        {
            return !profile.Channel.TypedInput && _refusal is not null && time.GetElapsedTime(_refusedAt) < profile.Channel.Unavailable ? _refusal : null;
        }
    }

    /// <inheritdoc/>
    public async Task<ClaudeLaunchResult> StartAsync(ClaudeLaunch launch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(launch);

        if (await hookAddress(cancellationToken) is not { } address)
        {
            return Failed("The host does not listen on the loopback interface over http, where hooks report to.");
        }

        launch.Folders.Create();
        var desk = new ChannelDesk(logger);
        var route = routes.Open([launch.Folders.Route.Value, .. launch.Profile.Channel.HookNames], desk.TakeAsync);
        ChannelServer? server = null;
        ChannelProcess? process = null;
        try
        {
            var socket = new ChannelSocket(launch.Folders.Home);
            var listening = server = ChannelServer.Listen(socket, desk, time, logger);
            desk.Decide = (requestId, allow) => listening.DecideAsync(requestId, allow, CancellationToken.None);
            var start = await launcher.StartInteractiveAsync(WithReplyTool(launch), TermsOf(launch, address, route, socket), listening.WhenReadyAsync, cancellationToken);
            if (start is not InteractiveStart.Ready(var interactive))
            {
                return Failed((start as InteractiveStart.Failed)?.Detail ?? "It could not be started.");
            }

            var refused = await ProbeAsync(interactive, launch, cancellationToken);
            process = new ChannelProcess(new ChannelParts(interactive, server, route, desk), launch, Bounds, refused is not null, time, logger);
            return await AcceptAsync(process, refused, launch);
        }
        catch (IOException exception)
        {
            return Failed(exception.Message);
        }
        finally
        {
            if (process is null)
            {
                route.Dispose();
                await (server?.DisposeAsync() ?? ValueTask.CompletedTask);
            }
        }
    }

    private static InteractiveLaunch TermsOf(ClaudeLaunch launch, Uri address, HookRoute route, ChannelSocket socket) => new()
    {
        Hooks = new HookAddress(new Uri(address, $"hooks/{launch.Folders.Route.Value}/"), route.Secret),
        Channel = new ChannelAddress(ChannelSocket.RelayCommand, socket.RelayArguments),
        AcceptPrompts = launch.Profile.Channel.AcceptPrompts,
        PermissionTimeout = launch.Profile.PermissionTimeout,
        StopHookUrl = launch.Profile.Channel.StopHookUrl,
    };

    private static async Task<ClaudeLaunchResult> AcceptAsync(ChannelProcess process, Problem? refused, ClaudeLaunch launch)
    {
        if (refused is not null && !launch.Profile.Channel.TypedInput)
        {
            await process.DisposeAsync();
            return new ClaudeLaunchResult.Failed(refused);
        }

        return new ClaudeLaunchResult.Started(process, launch.HasHistory && !process.Resumed ? ClaudeLauncher.HistoryLostNotice : null);
    }

    /// <returns>What the CLI has against the channel; null where it takes it.</returns>
    private async Task<Problem?> ProbeAsync(InteractiveProcess process, ClaudeLaunch launch, CancellationToken cancellationToken)
    {
        ChannelAvailability said;
        try
        {
            said = await new ChannelProbe(launch.Folders.DebugLog, ChannelProtocol.ServerName, process.Screen, time).RunAsync(launch.Profile.Channel.Probe, cancellationToken);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }

        var refusal = said is ChannelAvailability.Unavailable unavailable ? ChannelProblems.Of(unavailable) : null;
        lock (_lock)
        {
            _refusal = refusal;
            _refusedAt = time.GetTimestamp();
        }

        if (refusal is not null)
        {
            LogRefused(logger, process.Identity.Pid, refusal.Code, refusal.Detail);
        }

        return refusal;
    }

    // The tool answers the one who has asked; nobody need allow that.
    private static ClaudeLaunch WithReplyTool(ClaudeLaunch launch) => launch with
    {
        Profile = launch.Profile with { AllowedTools = [.. launch.Profile.AllowedTools, ChannelProtocol.ReplyToolRule] },
    };

    private static ClaudeLaunchResult.Failed Failed(string detail) => new(ProblemCatalogue.ProcessStartFailed(detail));

    [LoggerMessage(EventIds.ChannelsRefused, LogLevel.Warning, "Process {Pid}: the CLI takes nothing from a channel ({Code}): {Detail}")]
    private static partial void LogRefused(ILogger logger, int pid, string code, string? detail);
}

/// <summary>What each reason for which the CLI takes nothing from a channel means for a turn.</summary>
internal static class ChannelProblems
{
    private const int MaxDetailLength = 300;

    public static Problem Of(ChannelAvailability.Unavailable refused)
    {
        var said = refused.Text.Truncate(MaxDetailLength);
        return refused.Reason switch
        {
            ChannelRefusal.FlagRefused or ChannelRefusal.NotDeclared => ProblemCatalogue.ChannelsRefused(said),
            ChannelRefusal.OrganisationPolicy => ProblemCatalogue.ChannelsPolicy(said),
            ChannelRefusal.Provider => ProblemCatalogue.ChannelsProvider(said),
            ChannelRefusal.ProtocolEra => ProblemCatalogue.ChannelsProtocol(said),
            _ => ProblemCatalogue.ChannelsUnavailable(said),
        };
    }
}
