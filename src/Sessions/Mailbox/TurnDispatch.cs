namespace FunctionsBroker.Sessions.Mailbox;

/// <summary>That a host was given a turn ahead of the mailbox, and has it.</summary>
/// <param name="Placement">The host, and the epoch under which it has the turn.</param>
/// <param name="OtherHosts">The hosts that could have taken it as well.</param>
public sealed record TurnDispatch(Placement Placement, IReadOnlyList<string> OtherHosts);
