using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Functions.Turns;

/// <summary>What became of a submission.</summary>
internal abstract record IntakeResult
{
    private IntakeResult()
    {
    }

    /// <summary>The turn is kept, or was there before under the same id and body.</summary>
    public sealed record Accepted(TurnRecord Turn) : IntakeResult;

    public sealed record Refused(Problem Problem) : IntakeResult;
}
