namespace FunctionsBroker.Local.Functions.Configuration;

/// <summary>What host.json says, with the real host's defaults for what it leaves out.</summary>
internal sealed record HostJson
{
    /// <summary>The path before every HTTP function's route, without slashes around it. Default <c>api</c>.</summary>
    public required string RoutePrefix { get; init; }

    public required QueuesHostOptions Queues { get; init; }

    public required DurableTaskHostOptions DurableTask { get; init; }

    /// <summary>How long an invocation may take; null is without limit. Default 30 minutes.</summary>
    public required TimeSpan? FunctionTimeout { get; init; }

    /// <summary>Log levels by category; <c>default</c> is the rest.</summary>
    public required IReadOnlyDictionary<string, string> LogLevels { get; init; }
}
