using FunctionsBroker.Sessions.Mailbox;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Sessions.Placements;

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
