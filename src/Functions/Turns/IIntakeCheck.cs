using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Sessions.Admission;

namespace FunctionsBroker.Functions.Turns;

/// <summary>One reason why a turn that is well formed is not taken in all the same.</summary>
/// <remarks>All registered checks are asked, in the order of their registration, before a new turn is stored. A turn that is there already is never refused.</remarks>
internal interface IIntakeCheck
{
    /// <returns>Why the turn is refused; null when this check has nothing against it.</returns>
    Task<Problem?> FindProblemAsync(TurnSubmission submission, CancellationToken cancellationToken);
}
