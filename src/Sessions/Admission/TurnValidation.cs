using FunctionsBroker.Contracts.Problems;

namespace FunctionsBroker.Sessions.Admission;

/// <summary>Whether a request may become a turn.</summary>
public abstract record TurnValidation
{
    private TurnValidation()
    {
    }

    public sealed record Valid(TurnSubmission Submission) : TurnValidation;

    public sealed record Invalid(Problem Problem) : TurnValidation;
}
