using FunctionsBroker.SessionHost.Claims;
using FunctionsBroker.SessionHost.Pool;

namespace FunctionsBroker.SessionHost.Actors;

internal sealed partial class SessionProcess
{
    /// <summary>Names a new session: after a process that is ready for one where there is such a process.</summary>
    public SessionIdentity Reserve(string profile)
    {
        // A declared session has arguments of its own.
        _reserved ??= services.Profiles.FindDeclared(session) is null ? services.Ready.TryTake(profile, requestClose) : null;
        return _reserved?.Identity ?? SessionIdentity.New();
    }

    private bool Adopt(ReadyProcess ready)
    {
        // Somebody else may have made the session's row first, under other names.
        if (claim.Record is not { } record || record.RouteId != ready.Identity.Route || record.Profile != ready.Profile || !ready.Process.IsAlive)
        {
            LetGoOfReserved();
            return false;
        }

        _reserved = null;
        _slot = ready.Slot;
        LogAdopted(services.Logger, session, ready.Process.Identity.Pid);
        services.Metrics.ProcessStarted(ready.Process, ready: true);
        _lease = new ProcessLease(ready.Process, ready.Slot, ready.Folders, ready.Profile, WatchAsync(ready.Process));
        return true;
    }

    private void LetGoOfReserved()
    {
        if (_reserved is { } ready)
        {
            _reserved = null;
            services.Ready.Discard(ready);
        }
    }

    [LoggerMessage(EventIds.ReadyProcessTaken, LogLevel.Information, "Session {SessionId}: process {Pid}, which was ready, is taken")]
    private static partial void LogAdopted(ILogger logger, Sessions.Identity.SessionId sessionId, int pid);
}
