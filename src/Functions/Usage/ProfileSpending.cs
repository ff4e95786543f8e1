using FunctionsBroker.Contracts.Usage;
using FunctionsBroker.Sessions.Storage;

namespace FunctionsBroker.Functions.Usage;

/// <summary>What has been spent under each profile in the day and the month that run. What it knows is at most two seconds old.</summary>
internal sealed class ProfileSpending(IUsageStore usage, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _reading = new(1, 1);
    private Snapshot? _snapshot;

    /// <summary>In US dollars.</summary>
    public async Task<decimal> SumAsync(string profile, BudgetPeriod period, CancellationToken cancellationToken)
    {
        var today = Today();
        var rows = await ListMonthAsync(today, cancellationToken);
        var first = BudgetPeriods.StartOf(period, today);
        return rows.Where(row => row.Profile == profile && row.Day >= first).Sum(row => row.Totals.CostUsd);
    }

    /// <summary>Until the next period begins.</summary>
    public TimeSpan TimeLeft(BudgetPeriod period) =>
        BudgetPeriods.EndOf(period, Today()) - time.GetUtcNow();

    public void Dispose() => _reading.Dispose();

    private DateOnly Today() => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    private async Task<IReadOnlyList<UsageRecord>> ListMonthAsync(DateOnly today, CancellationToken cancellationToken)
    {
        if (Current(today) is { } current)
        {
            return current.Rows;
        }

        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (Current(today) is { } meanwhile)
            {
                return meanwhile.Rows;
            }

            var asked = time.GetTimestamp();
            var rows = await usage.ListAsync(BudgetPeriods.StartOf(BudgetPeriod.Month, today), today, cancellationToken).ToListAsync(cancellationToken);
            Volatile.Write(ref _snapshot, new Snapshot(today, rows, asked));
            return rows;
        }
        finally
        {
            _reading.Release();
        }
    }

    private Snapshot? Current(DateOnly today) =>
        Volatile.Read(ref _snapshot) is { } snapshot && snapshot.Day == today && time.GetElapsedTime(snapshot.AskedAt) < s_fresh
            ? snapshot
            : null;

    private sealed record Snapshot(DateOnly Day, IReadOnlyList<UsageRecord> Rows, long AskedAt);
}

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
