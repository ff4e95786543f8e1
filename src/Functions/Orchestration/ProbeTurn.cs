using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Mailbox;

namespace FunctionsBroker.Functions.Orchestration;

/// <summary>Input of the activities that ask a host what has become of a turn, and to stop it.</summary>
internal sealed record ProbeTurn(SessionId SessionId, TurnId TurnId, Placement Placement);
