using Microsoft.Extensions.Options;

namespace FunctionsBroker.Functions.Configuration;

/// <summary>The rules that attributes cannot say.</summary>
internal sealed class BrokerOptionsRules : IValidateOptions<BrokerOptions>
{
    private const int ShortestKey = 16;

    public ValidateOptionsResult Validate(string? name, BrokerOptions options)
    {
        var faults = options.OpenAiKeys
            .Select((key, index) => (key, index))
            .Where(item => item.key.Length < ShortestKey)
            .Select(item => $"{BrokerOptions.SectionName}:{nameof(BrokerOptions.OpenAiKeys)}:{item.index} must have at least {ShortestKey} characters.")
            .ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
