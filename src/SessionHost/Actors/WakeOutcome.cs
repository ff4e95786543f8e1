using FunctionsBroker.Contracts.Problems;

namespace FunctionsBroker.SessionHost.Actors;

/// <summary>What became of a session's start ahead of its first turn.</summary>
internal abstract record WakeOutcome
{
    private WakeOutcome()
    {
    }

    /// <summary>Its process lives.</summary>
    public sealed record Awake : WakeOutcome;

    /// <summary>Every process of the host is in use; its first turn will start it.</summary>
    public sealed record NoRoom : WakeOutcome;

    /// <summary>Another host, which lives, has it.</summary>
    public sealed record Elsewhere : WakeOutcome;

    public sealed record Failed(Problem Problem) : WakeOutcome;
}
