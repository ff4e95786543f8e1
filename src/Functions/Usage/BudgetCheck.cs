using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Functions.Configuration;
using FunctionsBroker.Functions.Turns;
using FunctionsBroker.Sessions.Admission;
using FunctionsBroker.Sessions.Identity;
using Microsoft.Extensions.Options;

namespace FunctionsBroker.Functions.Usage;

/// <summary>Refuses turns of sessions and profiles whose budget is spent. Turns that were taken before run to their end.</summary>
internal sealed class BudgetCheck(SessionSpending sessions, ProfileSpending profiles, IOptions<BrokerOptions> options) : IIntakeCheck
{
    public async Task<Problem?> FindProblemAsync(TurnSubmission submission, CancellationToken cancellationToken)
    {
        var session = await sessions.FindAsync(submission.SessionId, cancellationToken);
        if (session.LimitUsd is { } limit && session.SpentUsd >= limit)
        {
            return ProblemCatalogue.BudgetSpent($"session '{submission.SessionId}'", limit, retryAfterSeconds: null);
        }

        var profile = submission.Profile ?? session.Profile ?? ProfileNames.Default;
        if (!options.Value.Budgets.TryGetValue(profile, out var budget) || budget.CostUsd is not { } profileLimit)
        {
            return null;
        }

        return await profiles.SumAsync(profile, budget.Period, cancellationToken) >= profileLimit
            ? ProblemCatalogue.BudgetSpent($"profile '{profile}'", profileLimit, (int)Math.Ceiling(profiles.TimeLeft(budget.Period).TotalSeconds))
            : null;
    }
}
