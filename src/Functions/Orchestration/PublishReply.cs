using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Functions.Orchestration;

/// <summary>Input of the activity that ends a turn and sends its reply message.</summary>
/// <param name="Problem">Why the turn failed; null when the host has written its reply.</param>
internal sealed record PublishReply(SessionId SessionId, TurnId TurnId, Problem? Problem);
