using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.SessionHost.Conversations;
using FunctionsBroker.SessionHost.Options;
using FunctionsBroker.SessionHost.Pool;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.SessionHost.Lifetime;

/// <summary>Removes what nobody comes back for: on this host's disk the files of sessions that another host has by now, or that are no more; and the rows of hosts that died long ago.</summary>
internal sealed partial class Tidying(
    SessionHostOptions options,
    SessionPool pool,
    ISessionStore sessions,
    IHostStore hosts,
    TimeProvider time,
    ILogger<Tidying> logger) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_longDead = TimeSpan.FromDays(1);

    /// <summary>Looks at each session's folder and at each host's row once.</summary>
    public async Task TidyAsync(CancellationToken cancellationToken)
    {
        await TidyFoldersAsync(cancellationToken);
        var now = time.GetUtcNow();
        foreach (var host in (await hosts.ListAsync(cancellationToken)).Where(host => now - host.HeartbeatAt > s_longDead))
        {
            await hosts.DeleteAsync(host.HostId, cancellationToken);
        }
    }

    private async Task TidyFoldersAsync(CancellationToken cancellationToken)
    {
        var root = SessionFolders.RootOf(options.WorkPath);
        if (!Directory.Exists(root))
        {
            return;
        }

        foreach (var folder in Directory.EnumerateDirectories(root))
        {
            if (RouteId.TryParse(Path.GetFileName(folder), out var route)
                && HeldMark.Read(new SessionFolders(options.WorkPath, route)) is { } mark
                && SessionId.TryParse(mark.SessionId, out var session)
                && await sessions.FindAsync(session, cancellationToken) is var row
                && !(row is { Value: var record } && record.HostId == options.HostId && record.RouteId == route))
            {
                pool.Tidy(session, route);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var timer = new PeriodicTimer(s_interval, time);
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await TidyAsync(stoppingToken);
                }
                catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
                {
                    LogFailed(logger, exception);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    [LoggerMessage(EventIds.TidyFailed, LogLevel.Warning, "What nobody comes back for could not be removed; it is tried again")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
