namespace FunctionsBroker.Local.Functions.Configuration;

/// <summary>The <c>extensions.durableTask</c> section of host.json; what it says of the storage provider is for the real engine only.</summary>
internal sealed record DurableTaskHostOptions
{
    /// <summary>The task hub's name, before <c>%Setting%</c> expressions are resolved; null for the default.</summary>
    public required string? HubName { get; init; }

    /// <summary>Null for the engine's default.</summary>
    public required int? MaxConcurrentActivityFunctions { get; init; }

    /// <summary>Null for the engine's default.</summary>
    public required int? MaxConcurrentOrchestratorFunctions { get; init; }
}
