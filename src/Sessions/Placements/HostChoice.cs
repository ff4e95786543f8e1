using FunctionsBroker.Sessions.Mailbox;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Sessions.Placements;

/// <summary>Where a turn is to run.</summary>
/// <param name="Others">The names of the hosts that could have taken it as well.</param>
public sealed record HostChoice(HostRecord Host, Placement Placement, IReadOnlyList<string> Others);
