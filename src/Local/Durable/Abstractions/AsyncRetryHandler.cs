namespace Microsoft.DurableTask;

/// <summary>Decides after a failure whether a task is tried again; may await durable timers to wait before that.</summary>
public delegate Task<bool> AsyncRetryHandler(RetryContext retryContext);
