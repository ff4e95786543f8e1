using FunctionsBroker.Sessions.Admission;
using Microsoft.Extensions.Options;

namespace FunctionsBroker.Functions.Configuration;

/// <summary>The rules that attributes cannot say.</summary>
internal sealed class BrokerOptionsRules : IValidateOptions<BrokerOptions>
{
    private const string Section = BrokerOptions.SectionName;
    private const int ShortestKey = 16;

    public ValidateOptionsResult Validate(string? name, BrokerOptions options)
    {
        string[] faults = [.. CheckKeys(options), .. CheckOrigins(options), .. options.Identity.FindFaults($"{Section}:{nameof(BrokerOptions.Identity)}")];
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> CheckOrigins(BrokerOptions options) =>
        options.OpenAiOrigins
            .Where(origin => origin != "*" && !(Uri.TryCreate(origin, UriKind.Absolute, out var url) && url.GetLeftPart(UriPartial.Authority) == origin))
            .Select(origin => $"{Section}:{nameof(BrokerOptions.OpenAiOrigins)}: '{origin}' is no origin; one is like https://chat.example.com, without a path.");

    private static IEnumerable<string> CheckKeys(BrokerOptions options)
    {
        if (options is { CallbackKey: null, Identity.IsAsked: false })
        {
            yield return $"{Section}:{nameof(BrokerOptions.CallbackKey)} is missing; session hosts have to show it, or an identity.";
        }

        if (options is { HostKey: null, Identity.IsShown: false })
        {
            yield return $"{Section}:{nameof(BrokerOptions.HostKey)} is missing; session hosts ask for it, or for an identity.";
        }

        foreach (var (index, key) in options.OpenAiKeys.Index())
        {
            if (key.Length < ShortestKey)
            {
                yield return $"{Section}:{nameof(BrokerOptions.OpenAiKeys)}:{index} must have at least {ShortestKey} characters.";
            }
        }
    }
}

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

[OptionsValidator]
internal sealed partial class BrokerOptionsValidator : IValidateOptions<BrokerOptions>;
