using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Mailbox;

namespace FunctionsBroker.Functions.Mailbox;

/// <summary>Input of the entity's operation <c>Finish</c>.</summary>
internal sealed record FinishTurn(TurnId TurnId, Placement? Placement);
