using Microsoft.Extensions.Options;

namespace FunctionsBroker.Functions.Configuration;

/// <summary>The rules that attributes cannot say.</summary>
internal sealed class BrokerOptionsRules : IValidateOptions<BrokerOptions>
{
    private const string Section = BrokerOptions.SectionName;
    private const int ShortestKey = 16;

    public ValidateOptionsResult Validate(string? name, BrokerOptions options)
    {
        string[] faults = [.. CheckKeys(options), .. options.Identity.FindFaults($"{Section}:{nameof(BrokerOptions.Identity)}")];
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

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
