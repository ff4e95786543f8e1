using Microsoft.DurableTask.Client;

namespace FunctionsBroker.Local.Durable.Instances;

/// <summary>An orchestration in a line.</summary>
internal sealed record InstanceSummary(
    string Id, string Name, OrchestrationRuntimeStatus Status, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    /// <returns>Null if there is no orchestration, not even one that waits to be started.</returns>
    public static InstanceSummary? Of(string id, InstanceDocument document)
    {
        if (document.Orchestration is { IsTerminal: false } running)
        {
            return Of(id, running);
        }

        if (document.PendingStart is { } start)
        {
            return new InstanceSummary(id, start.Name, OrchestrationRuntimeStatus.Pending, start.RequestedAt, start.RequestedAt);
        }

        return document.Orchestration is { } ended ? Of(id, ended) : null;
    }

    private static InstanceSummary Of(string id, OrchestrationState state) =>
        new(id, state.Start.Name, state.Status, state.Start.CreatedAt, state.UpdatedAt);
}
