namespace DurableTask.Core.Exceptions;

/// <summary>Replaying an orchestrator did not lead to what its history records. Seen by callers as a failure's error type.</summary>
internal sealed class NonDeterministicOrchestrationException(string details)
    : Exception("Non-Deterministic workflow detected: " + details);
