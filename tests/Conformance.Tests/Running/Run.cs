using System.Text.Json;

namespace FunctionsBroker.Conformance.Tests.Running;

/// <summary>An orchestration as its metadata describe it.</summary>
public sealed record Run
{
    public required string InstanceId { get; init; }

    public required string Name { get; init; }

    public required string Status { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset LastUpdatedAt { get; init; }

    public bool IsRunning { get; init; }

    public bool IsCompleted { get; init; }

    public JsonElement? Input { get; init; }

    public JsonElement? Output { get; init; }

    public JsonElement? CustomStatus { get; init; }

    public Failure? Failure { get; init; }

    /// <summary>The output as JSON text.</summary>
    public string OutputText => Output?.GetRawText() ?? "none";

    public string? StatusText => CustomStatus?.GetRawText();

    public T Result<T>() => Output!.Value.Deserialize<T>(JsonSerializerOptions.Web)!;
}
