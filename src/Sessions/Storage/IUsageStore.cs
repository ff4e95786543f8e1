using FunctionsBroker.Contracts.Usage;

namespace FunctionsBroker.Sessions.Storage;

/// <summary>The table <c>Usage</c>: sums by day, profile and writer.</summary>
public interface IUsageStore
{
    /// <summary>Writes a row in the place of the one before.</summary>
    Task SaveAsync(UsageRecord record, CancellationToken cancellationToken);

    /// <summary>The rows of these days, both included.</summary>
    IAsyncEnumerable<UsageRecord> ListAsync(DateOnly first, DateOnly last, CancellationToken cancellationToken);

    /// <summary>Removes the rows of the days before this one.</summary>
    Task RemoveBeforeAsync(DateOnly day, CancellationToken cancellationToken);
}

/// <summary>What the turns that one writer has seen end have used, on one day (UTC) and under one profile.</summary>
/// <param name="Writer">Names the one who writes this row; nobody else does, so nothing has to be read before it is written.</param>
public sealed record UsageRecord(DateOnly Day, string Profile, string Writer)
{
    public UsageTotals Totals { get; init; } = UsageTotals.None;
}
