using FunctionsBroker.Contracts.Usage;

namespace FunctionsBroker.Sessions.Storage;

/// <summary>What the turns that one writer has seen end have used, on one day (UTC) and under one profile.</summary>
/// <param name="Writer">Names the one who writes this row; nobody else does, so nothing has to be read before it is written.</param>
public sealed record UsageRecord(DateOnly Day, string Profile, string Writer)
{
    public UsageTotals Totals { get; init; } = UsageTotals.None;
}
