using FunctionsBroker.Sessions.Mailbox;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Sessions.Placements;

/// <summary>Chooses the host for a turn.</summary>
public static class HostSelection
{
    /// <summary>Keeps the session where it is while that host lives; otherwise takes the host with the most room.</summary>
    /// <param name="hosts">Every host that is known.</param>
    /// <param name="placement">Where the session is now; null when nowhere.</param>
    /// <param name="renew">Whether a new epoch is wanted even where the session stays, because an earlier attempt under the held one was given up.</param>
    /// <param name="avoid">A host that just failed this turn; taken only when there is no other.</param>
    /// <returns>The host and the epoch to use there: the held one where the session stays, a new one where it moves. Null when no host is up.</returns>
    public static (HostRecord Host, long Epoch)? Choose(
        IReadOnlyList<HostRecord> hosts,
        Placement? placement,
        bool renew,
        string? avoid,
        DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(hosts);

        var usable = hosts.Where(host => host.IsAliveAt(now) && !host.Draining).ToList();
        var nextEpoch = (placement?.Epoch ?? 0) + 1;

        if (placement is not null
            && placement.HostId != avoid
            && usable.Find(host => host.HostId == placement.HostId) is { } current)
        {
            return (current, renew ? nextEpoch : placement.Epoch);
        }

        var chosen = usable
            .OrderBy(host => host.HostId == avoid)
            .ThenBy(Load)
            .ThenBy(host => host.HostId, StringComparer.Ordinal)
            .FirstOrDefault();
        return chosen is null ? null : (chosen, nextEpoch);
    }

    private static double Load(HostRecord host) =>
        host.MaxSessions == 0 ? double.MaxValue : (double)Math.Max(host.LiveProcesses, host.RunningTurns) / host.MaxSessions;
}
