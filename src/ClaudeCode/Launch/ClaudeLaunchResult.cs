using FunctionsBroker.Contracts.Problems;

namespace FunctionsBroker.ClaudeCode.Launch;

/// <summary>Whether a conversation has its process.</summary>
public abstract record ClaudeLaunchResult
{
    private ClaudeLaunchResult()
    {
    }

    /// <param name="Notice">What the reader of the next reply should know of this start.</param>
    public sealed record Started(IClaudeProcess Process, string? Notice) : ClaudeLaunchResult;

    public sealed record Failed(Problem Problem) : ClaudeLaunchResult;
}
