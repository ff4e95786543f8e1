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
    /// <param name="Ended">
    /// The turn once it has ended, where this front hears of that from the host itself; it gives null when it did not, and never fails.
    /// </param>
    public sealed record Accepted(TurnRecord Turn, Task<TurnRecord?>? Ended = null) : IntakeResult;

    public sealed record Refused(Problem Problem) : IntakeResult;
}
