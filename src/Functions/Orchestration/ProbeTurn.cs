using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Mailbox;

namespace FunctionsBroker.Functions.Orchestration;

/// <summary>Input of the activity that asks what has become of a turn.</summary>
internal sealed record ProbeTurn(SessionId SessionId, TurnId TurnId, Placement Placement);
