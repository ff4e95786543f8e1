using FunctionsBroker.Contracts.Problems;

namespace FunctionsBroker.Sessions.Turns;

/// <summary>What follows a setback.</summary>
public abstract record RetryStep
{
    private RetryStep()
    {
    }

    /// <summary>The turn fails.</summary>
    public sealed record Fail(Problem Problem) : RetryStep;

    /// <summary>The turn is dispatched again after the delay.</summary>
    public sealed record Again(TimeSpan Delay) : RetryStep;
}
