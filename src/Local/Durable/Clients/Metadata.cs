using System.Collections.Immutable;
using FunctionsBroker.Local.Durable.Instances;
using FunctionsBroker.Local.Durable.Messages;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Client.Entities;
using Microsoft.DurableTask.Entities;

namespace FunctionsBroker.Local.Durable.Clients;

/// <summary>Instances as clients see them.</summary>
internal static class Metadata
{
    /// <param name="converter">Reads inputs and outputs; null leaves them out.</param>
    /// <returns>Null if there is no orchestration, not even one that waits to be started.</returns>
    public static OrchestrationMetadata? Of(string id, InstanceDocument document, DataConverter? converter)
    {
        bool withInputsAndOutputs = converter is not null;
        if (InstanceSummary.Of(id, document) is not { } summary)
        {
            return null;
        }

        Message.StartRequested? pending = summary.Status == OrchestrationRuntimeStatus.Pending ? document.PendingStart : null;
        OrchestrationState? state = pending is null ? document.Orchestration : null;
        return new OrchestrationMetadata(summary.Name, id)
        {
            RuntimeStatus = summary.Status,
            CreatedAt = summary.CreatedAt,
            LastUpdatedAt = summary.UpdatedAt,
            Tags = pending?.Tags ?? state?.Start.Tags ?? ImmutableDictionary<string, string>.Empty,
            DataConverter = converter,
            SerializedInput = withInputsAndOutputs ? pending?.Input ?? state?.Start.Input : null,
            SerializedOutput = withInputsAndOutputs ? state?.Output : null,
            SerializedCustomStatus = withInputsAndOutputs ? state?.CustomStatus : null,
            FailureDetails = withInputsAndOutputs ? state?.Failure : null,
        };
    }

    public static OrchestrationMetadata Of(InstanceSummary summary) => new(summary.Name, summary.Id)
    {
        RuntimeStatus = summary.Status,
        CreatedAt = summary.CreatedAt,
        LastUpdatedAt = summary.UpdatedAt,
    };

    public static EntityMetadata Of(EntityInstanceId id, InstanceDocument document, bool withState, DataConverter converter)
    {
        string? state = withState ? document.Entity?.State : null;
        return new EntityMetadata(id, state is null ? null : new SerializedData(state, converter))
        {
            LastModifiedTime = document.Entity?.ModifiedAt ?? default,
            BacklogQueueSize = document.Inbox.Count,
            LockedBy = document.Entity?.Lock?.Owner,
        };
    }

    public static EntityMetadata<T> Of<T>(EntityInstanceId id, InstanceDocument document, bool withState, DataConverter converter)
    {
        DateTimeOffset modified = document.Entity?.ModifiedAt ?? default;
        string? lockedBy = document.Entity?.Lock?.Owner;
        return withState && document.Entity?.State is { } state
            ? new EntityMetadata<T>(id, converter.Deserialize<T>(state))
            {
                LastModifiedTime = modified,
                BacklogQueueSize = document.Inbox.Count,
                LockedBy = lockedBy,
            }
            : new EntityMetadata<T>(id) { LastModifiedTime = modified, BacklogQueueSize = document.Inbox.Count, LockedBy = lockedBy };
    }
}
