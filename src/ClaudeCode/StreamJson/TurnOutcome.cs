using FunctionsBroker.ClaudeCode.Processes;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Turns;

namespace FunctionsBroker.ClaudeCode.StreamJson;

/// <summary>How one user line ended.</summary>
public abstract record TurnOutcome
{
    private TurnOutcome()
    {
    }

    public sealed record Completed(ClaudeAnswer Answer) : TurnOutcome;

    /// <summary>The turn has ended without an answer. The process goes on, unless it had to be stopped for it.</summary>
    public sealed record Failed(Problem Problem) : TurnOutcome;

    /// <summary>The prompt was not sent to anybody.</summary>
    public sealed record NotStarted(Problem Problem) : TurnOutcome;

    /// <summary>The CLI has seen the line before, in this process or in the conversation that it resumed, and ran nothing.</summary>
    public sealed record Repeated : TurnOutcome;

    /// <summary>The process ended in the middle of the turn; what the turn did is unknown.</summary>
    public sealed record ProcessEnded(CliExit Exit) : TurnOutcome;
}

/// <summary>What a turn brought.</summary>
/// <param name="CostUsd">Of this turn as the CLI reckons it.</param>
/// <param name="ModelMs">What the CLI waited for the model; null where the CLI's running total had no known beginning.</param>
public sealed record ClaudeAnswer(string Text, TokenUsage Usage, decimal CostUsd, long? ModelMs);
