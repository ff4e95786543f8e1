using FunctionsBroker.Sessions.Admission;
using FunctionsBroker.Sessions.Identity;
using Microsoft.Extensions.Options;

namespace FunctionsBroker.Functions.Configuration;

/// <summary>The rules that attributes cannot say.</summary>
internal sealed class BrokerOptionsRules : IValidateOptions<BrokerOptions>
{
    private const string Section = BrokerOptions.SectionName;
    private const int ShortestKey = 16;
    private const int LongestPrefix = 100;
    private const int MostOpenTurns = 100_000;

    public ValidateOptionsResult Validate(string? name, BrokerOptions options)
    {
        string[] faults = [.. CheckKeys(options), .. CheckCallers(options), .. CheckOrigins(options), .. options.Identity.FindFaults($"{Section}:{nameof(BrokerOptions.Identity)}")];
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

        foreach (var fault in CheckLengths($"{Section}:{nameof(BrokerOptions.OpenAiKeys)}", options.OpenAiKeys))
        {
            yield return fault;
        }
    }

    private static IEnumerable<string> CheckLengths(string section, IList<string> keys) =>
        keys.Index().Where(key => key.Item.Length < ShortestKey).Select(key => $"{section}:{key.Index} must have at least {ShortestKey} characters.");

    private static IEnumerable<string> CheckCallers(BrokerOptions options)
    {
        foreach (var (name, caller) in options.Callers)
        {
            var section = $"{Section}:{nameof(BrokerOptions.Callers)}:{name}";
            string[] faults =
            [
                .. CheckLengths($"{section}:{nameof(CallerOptions.Keys)}", caller.Keys),
                .. CheckLengths($"{section}:{nameof(CallerOptions.OpenAiKeys)}", caller.OpenAiKeys),
            ];
            foreach (var fault in faults)
            {
                yield return fault;
            }

            if (caller.SessionPrefix is { } prefix && (prefix.Length > LongestPrefix || !SessionId.TryParse(prefix + "x", out _)))
            {
                yield return $"{section}:{nameof(CallerOptions.SessionPrefix)} is no beginning of an id, or has more than {LongestPrefix} characters.";
            }

            if (caller.MaxOpenTurns is < 1 or > MostOpenTurns)
            {
                yield return $"{section}:{nameof(CallerOptions.MaxOpenTurns)} is a number from 1 to {MostOpenTurns}.";
            }
        }

        foreach (var shared in options.Callers.SelectMany(caller => caller.Value.Keys.Concat(caller.Value.OpenAiKeys).Distinct()).CountBy(key => key).Where(key => key.Value > 1))
        {
            yield return $"{Section}:{nameof(BrokerOptions.Callers)}: {shared.Value} callers have the same key.";
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
