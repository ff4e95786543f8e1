namespace FunctionsBroker.Local.Durable.Timers;

/// <summary>Something that is to happen to an instance at a time.</summary>
/// <param name="Execution">The execution whose durable timer it is; null: the instance only looks at its inbox again.</param>
internal sealed record DueTimer(string InstanceId, DateTimeOffset DueAt, string? Execution, int TaskId)
{
    /// <summary>Whether it is not wanted any more. It is then passed over when its time comes.</summary>
    public bool IsCancelled { get; set; }
}
