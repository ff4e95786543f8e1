using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Microsoft.DurableTask.Entities;

namespace Microsoft.DurableTask.Client.Entities;

/// <summary>What is known of an entity from outside, at one moment.</summary>
[JsonConverter(typeof(EntityMetadataConverter))]
public class EntityMetadata<TState>(EntityInstanceId id)
{
    private readonly TState? _state;

    public EntityMetadata(EntityInstanceId id, TState? state)
        : this(id)
    {
        IncludesState = state is not null;
        _state = state;
    }

    public EntityInstanceId Id { get; } = id == default
        ? throw new ArgumentException("The id of an entity must not be the default value.", nameof(id))
        : id;

    public DateTimeOffset LastModifiedTime { get; init; }

    /// <summary>Operations that wait to be run.</summary>
    public int BacklogQueueSize { get; init; }

    /// <summary>The orchestration that holds the entity's lock, if any.</summary>
    public string? LockedBy { get; init; }

    [MemberNotNullWhen(true, nameof(_state))]
    public bool IncludesState { get; }

    public TState State => IncludesState
        ? _state
        : throw new InvalidOperationException($"Cannot retrieve state when {nameof(IncludesState)}=false");
}
