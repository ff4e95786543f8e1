using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Functions.Hosts;
using FunctionsBroker.Sessions.Admission;

namespace FunctionsBroker.Functions.Turns;

/// <summary>One reason why a turn that is well formed is not taken in all the same.</summary>
/// <remarks>All registered checks are asked, in the order of their registration, before a new turn is stored. A turn that is there already is never refused.</remarks>
internal interface IIntakeCheck
{
    /// <returns>Why the turn is refused; null when this check has nothing against it.</returns>
    Task<Problem?> FindProblemAsync(TurnSubmission submission, CancellationToken cancellationToken);
}

/// <summary>A turn may ask only for a profile that some host has.</summary>
internal sealed class ProfileCheck(HostDirectory hosts) : IIntakeCheck
{
    public async Task<Problem?> FindProblemAsync(TurnSubmission submission, CancellationToken cancellationToken)
    {
        if (submission.Profile is not { } profile)
        {
            return null;
        }

        var known = await hosts.ListProfilesAsync(cancellationToken);

        // With no host up nobody can tell; the turn is kept and a host will say.
        return known.Count == 0 || known.Contains(profile) ? null : ProblemCatalogue.UnknownProfile(profile, known.Order());
    }
}
