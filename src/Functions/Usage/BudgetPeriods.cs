using FunctionsBroker.Contracts.Usage;

namespace FunctionsBroker.Functions.Usage;

/// <summary>When the periods of budgets begin and end, in UTC.</summary>
internal static class BudgetPeriods
{
    /// <summary>The first day of the period that a day is in.</summary>
    public static DateOnly StartOf(BudgetPeriod period, DateOnly day) =>
        period == BudgetPeriod.Day ? day : new DateOnly(day.Year, day.Month, 1);

    /// <summary>The moment at which the next period begins.</summary>
    public static DateTimeOffset EndOf(BudgetPeriod period, DateOnly day)
    {
        var start = StartOf(period, day);
        var next = period == BudgetPeriod.Day ? start.AddDays(1) : start.AddMonths(1);
        return new DateTimeOffset(next, TimeOnly.MinValue, TimeSpan.Zero);
    }
}
