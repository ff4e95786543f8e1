using Microsoft.DurableTask;
using Microsoft.DurableTask.Entities;

namespace FunctionsBroker.Local.Durable.Entities;

/// <summary>The state during a batch. Each operation reads what the one before wrote, and a failed one changes nothing.</summary>
internal sealed class EntityOperationState(string? serialized, DataConverter converter) : TaskEntityState
{
    private string? _checkpoint = serialized;

    public string? Serialized { get; private set; } = serialized;

    public override bool HasState => Serialized is not null;

    // Read anew each time: an operation that fails may have changed the object that it was given.
    public override object? GetState(Type type) => converter.Deserialize(Serialized, type);

    public override void SetState(object? state) => Serialized = converter.Serialize(state);

    public void Commit() => _checkpoint = Serialized;

    public void Rollback() => Serialized = _checkpoint;
}
