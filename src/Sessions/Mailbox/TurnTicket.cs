using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Sessions.Mailbox;

/// <summary>A turn's place in its session's queue. Prompt and reply stay in the Turns table.</summary>
public sealed record TurnTicket(TurnId TurnId);
