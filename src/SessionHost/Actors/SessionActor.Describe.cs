using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Turns;
using FunctionsBroker.SessionHost.Turns;

namespace FunctionsBroker.SessionHost.Actors;

internal sealed partial class SessionActor
{
    private const long Mebibyte = 1024 * 1024;

    /// <summary>What the session is doing, for people and monitors.</summary>
    /// <remarks>Read beside the loop, which may be waiting for a process or the storage, and so may be a moment old.</remarks>
    public HostSession Describe()
    {
        var run = Volatile.Read(ref _run);
        var lease = _process.Lease;
        return new HostSession
        {
            SessionId = _session.Value,
            State = StateOf(run, lease),
            Since = run?.StartedAt ?? _services.Time.GetUtcNow() - IdleTime,
            TurnId = run?.TurnId.Value,
            Profile = lease?.Profile,
            Process = lease is null
                ? null
                : new TurnProcess
                {
                    Pid = lease.Process.Identity.Pid,
                    StartedAt = lease.Process.StartedAt,
                    Turn = lease.Process.Turns,
                    Resumed = lease.Process.Resumed,
                },
            ResidentBytes = lease is null ? null : ResidentMemory.Read(lease.Process.Identity.Pid),
        };
    }

    /// <summary>The process's mark and what its family may hold in memory; null when there is none.</summary>
    public (string Mark, long MaxBytes)? Memory =>
        _process.Lease is { } lease && _services.Profiles.Find(_session, lease.Profile) is { } profile
            ? (lease.Process.Identity.Mark, profile.MaxProcessMemoryMb * Mebibyte)
            : null;

    private HostSessionState StateOf(TurnRun? run, ProcessLease? lease) =>
        run switch
        {
            { StopReason: not null } => HostSessionState.Stopping,
            { Relay.IsWaiting: true } => HostSessionState.WaitingForPermission,
            not null when lease is null => HostSessionState.Starting,
            not null => HostSessionState.Running,
            null when lease is null || Volatile.Read(ref _closed) => HostSessionState.Closing,
            null => HostSessionState.Idle,
        };
}
