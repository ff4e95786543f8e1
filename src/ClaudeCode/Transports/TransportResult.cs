using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.ClaudeCode.Transports;

/// <summary>How a try at a turn ended.</summary>
/// <param name="Outcome">Never <see cref="TurnOutcome.Repeated"/>.</param>
public sealed record TransportResult(TurnOutcome Outcome)
{
    /// <summary>The process that it ran in; null when there was none.</summary>
    public TurnProcess? Process { get; init; }

    /// <summary>From the prompt to the end, without the start of a process.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>What the reply's reader should know of how it came about.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];
}
