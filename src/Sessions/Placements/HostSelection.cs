using FunctionsBroker.Sessions.Mailbox;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Sessions.Placements;

/// <summary>Chooses the host for a turn.</summary>
public static class HostSelection
{
    /// <summary>Keeps the session where it is while that host lives; otherwise takes the host with the most room.</summary>
    /// <param name="hosts">Every host that is known.</param>
    /// <returns>
    /// The host and the epoch to use there: the held one where the session stays with the same run of the host, a new one
    /// where it moves or the host has begun anew. Null when no host is up.
    /// </returns>
    public static HostChoice? Choose(IReadOnlyList<HostRecord> hosts, HostWish wish, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(hosts);
        ArgumentNullException.ThrowIfNull(wish);

        var up = hosts.Where(host => host.IsAliveAt(now) && !host.Draining).ToList();
        var usable = WithProfile(up, wish.Profile);
        var chosen = usable.Find(host => host.HostId == wish.Placement?.HostId && !wish.Avoid.Contains(host.HostId))
            ?? usable
                .OrderBy(host => wish.Avoid.Contains(host.HostId))
                .ThenBy(host => Load(host, wish.PlacedSince(host)))
                .ThenBy(host => host.HostId, StringComparer.Ordinal)
                .FirstOrDefault();
        return chosen is null
            ? null
            : new HostChoice(chosen, Place(chosen, wish), [.. usable.Where(host => host != chosen).Select(host => host.HostId)]);
    }

    // With no host that has it, one of them has to say so: it may have got it since its last beat.
    private static List<HostRecord> WithProfile(List<HostRecord> hosts, string? profile) =>
        profile is not null && hosts.Exists(host => host.Profiles.Contains(profile))
            ? [.. hosts.Where(host => host.Profiles.Contains(profile))]
            : hosts;

    private static Placement Place(HostRecord host, HostWish wish)
    {
        var held = wish.Placement ?? new Placement(host.HostId, 0);
        var stays = held.Epoch > 0
            && held.HostId == host.HostId
            && (held.HostStartedAt ?? host.StartedAt) == host.StartedAt
            && !wish.RenewEpoch;
        return new Placement(host.HostId, stays ? held.Epoch : held.Epoch + 1) { HostStartedAt = host.StartedAt };
    }

    private static double Load(HostRecord host, int placedSince) =>
        host.MaxSessions == 0 ? double.MaxValue : (double)(Math.Max(host.LiveProcesses, host.RunningTurns) + placedSince) / host.MaxSessions;
}
