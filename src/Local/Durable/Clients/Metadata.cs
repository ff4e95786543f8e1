using System.Collections.Immutable;
using FunctionsBroker.Local.Durable.Instances;
using FunctionsBroker.Local.Durable.Messages;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Client.Entities;
using Microsoft.DurableTask.Converters;
using Microsoft.DurableTask.Entities;

namespace FunctionsBroker.Local.Durable.Clients;

/// <summary>Instances as clients see them.</summary>
internal static class Metadata
{
    /// <returns>Null if there is no orchestration, not even one that waits to be started.</returns>
    public static OrchestrationMetadata? Of(string id, InstanceDocument document, bool withInputsAndOutputs)
    {
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
            DataConverter = withInputsAndOutputs ? JsonDataConverter.Default : null,
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

    public static EntityMetadata Of(EntityInstanceId id, InstanceDocument document, bool withState)
    {
        string? state = withState ? document.Entity?.State : null;
        return new EntityMetadata(id, state is null ? null : new SerializedData(state, JsonDataConverter.Default))
        {
            LastModifiedTime = document.Entity?.ModifiedAt ?? default,
            BacklogQueueSize = document.Inbox.Count,
            LockedBy = document.Entity?.Lock?.Owner,
        };
    }

    public static EntityMetadata<T> Of<T>(EntityInstanceId id, InstanceDocument document, bool withState)
    {
        DateTimeOffset modified = document.Entity?.ModifiedAt ?? default;
        string? lockedBy = document.Entity?.Lock?.Owner;
        return withState && document.Entity?.State is { } state
            ? new EntityMetadata<T>(id, JsonDataConverter.Default.Deserialize<T>(state))
            {
                LastModifiedTime = modified,
                BacklogQueueSize = document.Inbox.Count,
                LockedBy = lockedBy,
            }
            : new EntityMetadata<T>(id) { LastModifiedTime = modified, BacklogQueueSize = document.Inbox.Count, LockedBy = lockedBy };
    }
}
