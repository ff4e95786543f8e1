using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Local.Functions.Configuration;

/// <summary>What host.json says, with the real host's defaults for what it leaves out.</summary>
internal sealed record HostJson
{
    public required HttpHostOptions Http { get; init; }

    public required QueuesHostOptions Queues { get; init; }

    public required DurableTaskHostOptions DurableTask { get; init; }

    /// <summary>How long an invocation may take; null is without limit. Default 30 minutes.</summary>
    public required TimeSpan? FunctionTimeout { get; init; }

    /// <summary>The functions that run; null for all.</summary>
    public required IReadOnlyList<string>? Functions { get; init; }

    /// <summary>Log levels by category; <c>default</c> is the rest.</summary>
    public required IReadOnlyDictionary<string, LogLevel> LogLevels { get; init; }

    /// <summary>What in the file is without effect, to be said once the host can log.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
