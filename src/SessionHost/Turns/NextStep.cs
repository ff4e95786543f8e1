using FunctionsBroker.Contracts.Problems;

namespace FunctionsBroker.SessionHost.Turns;

/// <summary>What a turn does after a try that brought no answer.</summary>
internal abstract record NextStep
{
    private NextStep()
    {
    }

    public sealed record End(Problem Problem) : NextStep;

    /// <summary>The same transport once more.</summary>
    /// <param name="Delay">To wait before it.</param>
    /// <param name="Asks">Whether it is the model that is asked again; otherwise it is a process that is replaced.</param>
    /// <param name="Notice">For the reader of the reply.</param>
    public sealed record Again(TimeSpan Delay, bool Asks, string Notice) : NextStep;

    /// <summary>The next transport of the profile.</summary>
    public sealed record FallBack(string Notice) : NextStep;
}
