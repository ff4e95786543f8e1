using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Functions.Mailbox;

/// <summary>Input of the entity's operations <c>Cancel</c> and <c>Expire</c>.</summary>
internal sealed record NamedTurn(TurnId TurnId);
