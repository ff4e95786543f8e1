namespace FunctionsBroker.Sessions.Mailbox;

/// <summary>The state after a command, and what follows from it, in order.</summary>
public sealed record SessionTransition(SessionState State, IReadOnlyList<SessionEffect> Effects);
