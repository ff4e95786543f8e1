namespace Microsoft.DurableTask.Entities;

/// <summary>How an entity is called; nothing can be set yet.</summary>
public record CallEntityOptions;
