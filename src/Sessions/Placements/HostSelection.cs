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

/// <summary>What a dispatch asks of its host.</summary>
public sealed record HostWish
{
    /// <summary>Where the session is now; null when nowhere.</summary>
    public Placement? Placement { get; init; }

    /// <summary>Whether a new epoch is wanted even where the session stays, because an earlier attempt under the held one was given up.</summary>
    public bool RenewEpoch { get; init; }

    /// <summary>Hosts that are taken only when there is no other.</summary>
    public IReadOnlyCollection<string> Avoid { get; init; } = [];

    /// <summary>The profile that the turn asks for; null when any will do.</summary>
    public string? Profile { get; init; }

    /// <summary>How many sessions went to a host since the beat that its row tells of.</summary>
    public Func<HostRecord, int> PlacedSince { get; init; } = _ => 0;
}

/// <summary>Where a turn is to run.</summary>
/// <param name="Others">The names of the hosts that could have taken it as well.</param>
public sealed record HostChoice(HostRecord Host, Placement Placement, IReadOnlyList<string> Others);
