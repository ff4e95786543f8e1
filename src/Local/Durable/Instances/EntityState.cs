namespace FunctionsBroker.Local.Durable.Instances;

/// <summary>An entity between two batches of operations.</summary>
/// <param name="State">Serialized; null: the entity has none.</param>
internal sealed record EntityState(string? State, EntityLock? Lock, DateTimeOffset ModifiedAt);
