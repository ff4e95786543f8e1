using Microsoft.DurableTask;

namespace FunctionsBroker.Conformance.App.Orchestrations;

/// <summary>How a failing activity is called again.</summary>
public sealed record RetryPlan
{
    public int MaxAttempts { get; init; } = 3;

    /// <summary>The first wait, in seconds.</summary>
    public double FirstSeconds { get; init; } = 0.1;

    public double Backoff { get; init; } = 1;

    public double? MaxSeconds { get; init; }

    public double? TimeoutSeconds { get; init; }

    /// <summary>The only error type that is tried again; null: any.</summary>
    public string? OnlyType { get; init; }

    public int SucceedAt { get; init; } = int.MaxValue;

    internal Attempts Attempts(TaskOrchestrationContext context) => new($"attempts-{context.InstanceId}", SucceedAt);
}
