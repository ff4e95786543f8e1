using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using FunctionsBroker.Contracts.Problems;
using FunctionsBroker.Contracts.Usage;
using FunctionsBroker.Functions.Http;
using FunctionsBroker.Sessions.Identity;
using Microsoft.AspNetCore.Http;

namespace FunctionsBroker.Functions.Usage;

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
