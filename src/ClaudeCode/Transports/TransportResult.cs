using FunctionsBroker.ClaudeCode.StreamJson;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.ClaudeCode.Transports;

/// <summary>How a try at a turn ended.</summary>
/// <param name="Outcome">Never <see cref="TurnOutcome.Repeated"/>.</param>
public sealed record TransportResult(TurnOutcome Outcome)
{
    /// <summary>The process that it ran in; null when there was none.</summary>
    public TurnProcess? Process { get; init; }

    /// <summary>Whether a tool was called, so that the try may have had an effect.</summary>
    public bool ToolsUsed { get; init; }

    /// <summary>From the prompt to the end, without the start of a process.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>For <see cref="TransportTurn.FirstGeneration"/> of the next try.</summary>
    public int NextGeneration { get; init; }

    /// <summary>What the reply's reader should know of how it came about.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];
}
