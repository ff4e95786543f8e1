using FunctionsBroker.Contracts.Problems;

namespace FunctionsBroker.SessionHost.Actors;

/// <summary>The process for a turn, or why there is none: exactly one of the two.</summary>
internal readonly record struct ProcessOrProblem(ProcessLease? Lease, Problem? Problem);
