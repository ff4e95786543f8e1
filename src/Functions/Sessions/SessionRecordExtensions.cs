using FunctionsBroker.Contracts.Hosts;
using FunctionsBroker.Contracts.Sessions;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Functions.Sessions;

/// <summary>A session's row as the outside sees it.</summary>
internal static class SessionRecordExtensions
{
    /// <param name="live">What the session's host says; null when it keeps it no longer awake.</param>
    public static SessionResource ToResource(this SessionRecord session, HostSession? live) => new()
    {
        SessionId = session.SessionId.Value,
        Status = StatusOf(session, live),
        Profile = session.Profile,
        Title = session.Title,
        Tags = session.Tags,
        HostId = session.HostId,
        RunningTurnId = live?.TurnId,
        LastTurnId = session.LastTurnId?.Value,
        CreatedAt = session.CreatedAt,
        LastUsedAt = session.LastUsedAt,
        ExpiresAt = session.ExpiresAt,
        TtlSeconds = (int?)session.Ttl?.TotalSeconds,
        BudgetUsd = session.BudgetUsd,
        Usage = session.Totals,
    };

    private static SessionStatus StatusOf(SessionRecord session, HostSession? live) =>
        live switch
        {
            _ when session.DeletingSince is not null => SessionStatus.Deleting,
            null => session.IsUnused ? SessionStatus.New : SessionStatus.Asleep,
            { State: HostSessionState.WaitingForPermission } => SessionStatus.WaitingForPermission,
            { TurnId: not null } => SessionStatus.Running,
            { State: HostSessionState.Closing } => SessionStatus.Asleep,
            _ => SessionStatus.Idle,
        };
}
