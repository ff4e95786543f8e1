using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.SessionHost.Turns;

namespace FunctionsBroker.SessionHost.Actors;

internal sealed partial class SessionActor
{
    private const long Mebibyte = 1024 * 1024;

    /// <summary>What the session is doing, for people and monitors.</summary>
    /// <remarks>Read beside the loop, which may be waiting for a process or the storage, and so may be a moment old.</remarks>
    /// <param name="families">Resident bytes by the mark of a process.</param>
    public HostSession Describe(IReadOnlyDictionary<string, long> families)
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
            Process = lease?.Process.Describe(),
            ResidentBytes = lease is not null && families.TryGetValue(lease.Process.Identity.Mark, out var held) ? held : null,
            ContextShare = lease?.Process.ContextShare is > 0 and var share ? share : null,
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
