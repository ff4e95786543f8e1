using FunctionsBroker.Contracts.Usage;
using FunctionsBroker.Functions.Configuration;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using Microsoft.Extensions.Options;

namespace FunctionsBroker.Functions.Usage;

/// <summary>Says what was used: by profile in some days, and by session since it began.</summary>
internal sealed class UsageReporter(
    ISessionStore sessions,
    IUsageStore usage,
    ProfileSpending spending,
    IOptions<BrokerOptions> options,
    TimeProvider time)
{
    public async Task<UsageReport> ReportAsync(UsageQuery query, CancellationToken cancellationToken)
    {
        var rows = await usage.ListAsync(query.From, query.To, cancellationToken).ToListAsync(cancellationToken);
        var names = rows.Select(row => row.Profile).Concat(options.Value.Budgets.Keys).Distinct().Order(StringComparer.Ordinal);
        List<ProfileUsage> profiles = [];
        foreach (var name in names)
        {
            profiles.Add(new ProfileUsage
            {
                Profile = name,
                Usage = Sum(rows.Where(row => row.Profile == name)),
                Budget = await FindBudgetAsync(name, cancellationToken),
            });
        }

        var (page, next) = await ListSessionsAsync(query.After, query.Limit, cancellationToken);
        return new UsageReport { From = query.From, To = query.To, Total = Sum(rows), Profiles = profiles, Sessions = page, Next = next };
    }

    private async Task<ProfileBudget?> FindBudgetAsync(string profile, CancellationToken cancellationToken) =>
        options.Value.Budgets.TryGetValue(profile, out var budget) && budget.CostUsd is { } limit
            ? new ProfileBudget
            {
                Period = budget.Period,
                LimitUsd = limit,
                SpentUsd = await spending.SumAsync(profile, budget.Period, cancellationToken),
                ResetsAt = BudgetPeriods.EndOf(budget.Period, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime)),
            }
            : null;

    private async Task<(IReadOnlyList<SessionUsage> Page, string? Next)> ListSessionsAsync(
        SessionId? after,
        int limit,
        CancellationToken cancellationToken)
    {
        var page = await sessions.ListAsync(new SessionFilter(), after, limit + 1, cancellationToken)
            .Take(limit + 1)
            .Select(session => new SessionUsage
            {
                SessionId = session.SessionId.Value,
                Profile = session.Profile,
                Usage = session.Totals,
                BudgetUsd = session.BudgetUsd,
            })
            .ToListAsync(cancellationToken);
        return page.Count > limit ? (page[..limit], page[limit - 1].SessionId) : (page, null);
    }

    private static UsageTotals Sum(IEnumerable<UsageRecord> rows) =>
        rows.Aggregate(UsageTotals.None, (sum, row) => sum.Plus(row.Totals));
}
