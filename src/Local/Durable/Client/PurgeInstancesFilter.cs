namespace Microsoft.DurableTask.Client;

/// <summary>Which orchestrations to purge; of those, only the ones that have ended are.</summary>
public record PurgeInstancesFilter(
    DateTimeOffset? CreatedFrom = null,
    DateTimeOffset? CreatedTo = null,
    IEnumerable<OrchestrationRuntimeStatus>? Statuses = null)
{
    /// <summary>Longest time to work on one call; null: until done.</summary>
    public TimeSpan? Timeout { get; init; }
}
