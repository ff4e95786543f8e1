using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Serialization;
using FunctionsBroker.Contracts.Usage;
using FunctionsBroker.Functions.Configuration;
using FunctionsBroker.Functions.Http;
using FunctionsBroker.Sessions.Identity;
using FunctionsBroker.Sessions.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;

namespace FunctionsBroker.Functions.Usage;

/// <summary><c>GET /api/usage</c>: tokens and cost, by profile and by session.</summary>
internal sealed class GetUsageFunction(UsageReporter reporter, TimeProvider time)
{
    [Function("GetUsage")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/usage")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        if (!UsageQuery.TryRead(request, today, out var query, out var problem))
        {
            return TurnResults.Problem(problem);
        }

        var report = await reporter.ReportAsync(query, cancellationToken);
        return new JsonResult<UsageReport>(report, ContractsJsonContext.Default.UsageReport, StatusCodes.Status200OK);
    }
}

/// <summary>What a caller wants to know of the usage: <c>from</c>, <c>to</c>, and <c>limit</c>, <c>after</c> of the sessions.</summary>
internal sealed record UsageQuery(DateOnly From, DateOnly To, int Limit, SessionId? After)
{
    private const int MostDays = 366;
    private const string DayFormat = "yyyy-MM-dd";

    /// <param name="today">The month that this day is in is what counts when nothing else is asked for.</param>
    public static bool TryRead(
        HttpRequest request,
        DateOnly today,
        [NotNullWhen(true)] out UsageQuery? query,
        [NotNullWhen(false)] out Problem? problem)
    {
        query = null;
        if (!QueryPart.TryReadLimit(request, out var limit, out problem) || !QueryPart.TryReadAfter(request, out var after, out problem))
        {
            return false;
        }

        if (!TryReadDay(request, "from", BudgetPeriods.StartOf(BudgetPeriod.Month, today), out var from)
            || !TryReadDay(request, "to", today, out var to)
            || from > to
            || to.DayNumber - from.DayNumber >= MostDays)
        {
            problem = ProblemCatalogue.InvalidRequest($"'from' and 'to' are days such as 2026-11-21, in this order and no more than {MostDays} days in all.");
            return false;
        }

        query = new UsageQuery(from, to, limit, after);
        return true;
    }

    private static bool TryReadDay(HttpRequest request, string name, DateOnly fallback, out DateOnly day)
    {
        day = fallback;
        return QueryPart.Text(request, name) is not { } text
            || DateOnly.TryParseExact(text, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
    }
}

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
