using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.Functions.Orchestration;

/// <summary>Input of the orchestration that asks the one of a running turn to stop it.</summary>
/// <param name="Problem">How the turn ends, unless its answer is there first.</param>
internal sealed record StopTurn(SessionId SessionId, TurnId TurnId, Problem Problem);
