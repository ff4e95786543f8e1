namespace Microsoft.DurableTask.Client;

/// <summary>Where an orchestration is in its life.</summary>
public enum OrchestrationRuntimeStatus
{
    Running = 0,
    Completed = 1,
    [Obsolete("Not seen from outside: an orchestration that continued as new is Running.")]
    ContinuedAsNew = 2,
    Failed = 3,
    [Obsolete("Never reached.")]
    Canceled = 4,
    Terminated = 5,
    Pending = 6,
    Suspended = 7,
}
