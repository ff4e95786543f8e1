using FunctionsBroker.SessionHost.Actors;
using FunctionsBroker.SessionHost.Configuration;
using FunctionsBroker.SessionHost.Pool;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.SessionHost.Lifetime;

/// <summary>Starts the processes of the sessions that the configuration declares, except those that another live host has.</summary>
internal sealed partial class DeclaredSessions(
    SessionProfiles profiles,
    SessionPool pool,
    IHostStore hosts,
    TimeProvider time,
    ILogger<DeclaredSessions> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var declared in profiles.Declared)
        {
            if (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            try
            {
                Report(declared.Id, await WakeAsync(declared.Id, declared.Profile, stoppingToken));
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                // Its first turn starts it, as it does every other session.
                LogFailed(logger, exception, declared.Id, null);
            }
        }
    }

    private async Task<WakeOutcome> WakeAsync(string id, string? profile, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var alive = (await hosts.ListAsync(cancellationToken)).Where(host => host.IsAliveAt(now)).Select(host => host.HostId).ToHashSet(StringComparer.Ordinal);
        return await pool.WakeAsync(SessionId.Parse(id), profile, alive.Contains);
    }

    private void Report(string id, WakeOutcome outcome)
    {
        switch (outcome)
        {
            case WakeOutcome.Elsewhere:
                LogElsewhere(logger, id);
                break;
            case WakeOutcome.NoRoom:
                LogFailed(logger, null, id, "there is no room for its process");
                break;
            case WakeOutcome.Failed(var problem):
                LogFailed(logger, null, id, problem.Detail);
                break;
        }
    }

    [LoggerMessage(EventIds.DeclaredSessionElsewhere, LogLevel.Information, "The declared session {SessionId} is on another host and stays there")]
    private static partial void LogElsewhere(ILogger logger, string sessionId);

    [LoggerMessage(EventIds.DeclaredSessionFailed, LogLevel.Warning, "The declared session {SessionId} was not started: {Reason}")]
    private static partial void LogFailed(ILogger logger, Exception? exception, string sessionId, string? reason);
}
