using System.Text.Json;

namespace FunctionsBroker.Conformance.Tests.Running;

/// <summary>An entity as its metadata describe it.</summary>
public sealed record EntityView
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Key { get; init; }

    public DateTimeOffset LastModifiedTime { get; init; }

    public bool IncludesState { get; init; }

    public string? LockedBy { get; init; }

    public JsonElement? State { get; init; }
}
