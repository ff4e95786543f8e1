using FunctionsBroker.Sessions.Admission;
using Microsoft.Extensions.Options;

namespace FunctionsBroker.Functions.Configuration;

/// <summary>Checks the budgets of all profiles, and names every one that is wrong.</summary>
internal sealed class BudgetOptionsRules : IValidateOptions<BrokerOptions>
{
    public ValidateOptionsResult Validate(string? name, BrokerOptions options)
    {
        var faults = options.Budgets.SelectMany(budget => Check(budget.Key, budget.Value)).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Check(string profile, BudgetOptions budget) =>
        new (string Name, decimal? Value)[] { (nameof(budget.CostUsd), budget.CostUsd), (nameof(budget.SessionCostUsd), budget.SessionCostUsd) }
            .Where(limit => limit.Value is < 0 or > SessionLimits.MaxBudgetUsd)
            .Select(limit => $"{BrokerOptions.SectionName}:{nameof(BrokerOptions.Budgets)}:{profile}:{limit.Name} is a number from 0 to {SessionLimits.MaxBudgetUsd:0}.");
}
