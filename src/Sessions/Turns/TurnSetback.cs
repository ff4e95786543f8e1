using FunctionsBroker.Contracts.Problems;

namespace FunctionsBroker.Sessions.Turns;

/// <summary>Why a turn has no reply yet.</summary>
/// <param name="HostId">The host that it concerns; null when there was none.</param>
public sealed record TurnSetback(SetbackKind Kind, Problem Problem, string? HostId);
