using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.Contracts.Hosts;

/// <summary>A session that is awake on a host, as the host API shows it.</summary>
public sealed record HostSession
{
    public required string SessionId { get; init; }

    public required HostSessionState State { get; init; }

    /// <summary>Since when a turn runs, or none does.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>The turn that runs.</summary>
    public string? TurnId { get; init; }

    /// <summary>The profile of the process.</summary>
    public string? Profile { get; init; }

    /// <summary>Null when no process lives.</summary>
    public TurnProcess? Process { get; init; }

    /// <summary>What the process, with what it has started, holds in memory.</summary>
    public long? ResidentBytes { get; init; }

    /// <summary>How much of the model's context window the conversation takes up, 0 to 1; null while that is not known.</summary>
    public double? ContextShare { get; init; }
}
