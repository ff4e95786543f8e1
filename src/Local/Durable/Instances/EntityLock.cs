namespace FunctionsBroker.Local.Durable.Instances;

/// <summary>The critical section that holds an entity, and the orchestration it is part of.</summary>
internal sealed record EntityLock(Guid Section, string Owner);
