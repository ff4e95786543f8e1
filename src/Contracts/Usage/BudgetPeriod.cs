using System.Text.Json.Serialization;

namespace FunctionsBroker.Contracts.Usage;

/// <summary>How often a profile's budget begins anew, in UTC.</summary>
public enum BudgetPeriod
{
    [JsonStringEnumMemberName("month")]
    Month,

    [JsonStringEnumMemberName("day")]
    Day,
}
