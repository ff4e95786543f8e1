namespace Microsoft.DurableTask;

/// <summary>Decides after a failure whether a task is tried again. Runs in the orchestrator: it must be deterministic.</summary>
public delegate bool RetryHandler(RetryContext retryContext);
