using FunctionsBroker.Sessions.Mailbox;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Functions.Fast;

/// <summary>Where a turn of an idle session may go at once.</summary>
/// <param name="OtherHosts">The hosts that could take it as well.</param>
internal sealed record FastRoute(HostRecord Host, long Epoch, IReadOnlyList<string> OtherHosts)
{
    public TurnDispatch Dispatch =>
        new(new Placement(Host.HostId, Epoch) { HostStartedAt = Host.StartedAt }, OtherHosts);

    /// <summary>To the host that answered last, if it has not begun anew since: then it knows nothing of the session, and there is no hurry.</summary>
    /// <param name="up">The hosts that take turns.</param>
    /// <param name="profile">The profile that the turn asks for; null for the session's.</param>
    public static FastRoute? Find(IReadOnlyList<HostRecord> up, IdleSession idle, string? profile)
    {
        var answered = idle.Answered;
        var host = up.FirstOrDefault(host => host.HostId == answered.HostId && host.StartedAt <= answered.StartedAt);
        return host is null
            ? null
            : new FastRoute(
                host,
                answered.Epoch,
                [.. up.Where(other => other != host && (profile is null || other.Profiles.Contains(profile))).Select(other => other.HostId)]);
    }
}
