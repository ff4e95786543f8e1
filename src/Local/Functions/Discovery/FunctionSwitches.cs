using FunctionsBroker.Local.Functions.Configuration;
using Microsoft.Extensions.Configuration;

namespace FunctionsBroker.Local.Functions.Discovery;

/// <summary>Says which functions are off: left out by host.json's <c>functions</c>, or disabled by a setting.</summary>
/// <remarks>A function that is left out is as if it were not there; a disabled one still has its route, for an administrator.</remarks>
internal sealed class FunctionSwitches(IReadOnlyList<string>? allowed, IConfiguration settings)
{
    private const string Prefix = "AzureWebJobs";
    private const string Suffix = "Disabled";

    /// <summary>Whether host.json lets the function run.</summary>
    public bool IsAllowed(FunctionDescriptor function) =>
        allowed is null || allowed.Contains(function.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether <c>AzureWebJobs.Name.Disabled</c>, with dots or what stands for them in an environment variable, is true or 1.</summary>
    public bool IsDisabled(FunctionDescriptor function) =>
        Names(function.Name).Any(name => settings[name] is { } value && (value == "1" || value.Equals("true", StringComparison.OrdinalIgnoreCase)));

    /// <summary>Says which names of host.json and of settings are no function's.</summary>
    public IEnumerable<string> Warnings(IReadOnlyList<FunctionDescriptor> functions)
    {
        var known = functions.Select(function => function.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var name in (allowed ?? []).Where(name => !known.Contains(name)))
        {
            yield return $"{HostJsonReader.FileName}: 'functions' names '{name}', and the app has no such function.";
        }

        var disabled = settings.GetChildren()
            .Where(setting => setting.Key.StartsWith(Prefix + '.', StringComparison.OrdinalIgnoreCase)
                && setting.Key.EndsWith('.' + Suffix, StringComparison.OrdinalIgnoreCase)
                && setting.Key.Length > Prefix.Length + Suffix.Length + 2);
        foreach (var setting in disabled.Where(setting => !known.Contains(setting.Key[(Prefix.Length + 1)..^(Suffix.Length + 1)])))
        {
            yield return $"The setting {setting.Key} names no function of the app.";
        }
    }

    private static IEnumerable<string> Names(string function) =>
        [$"{Prefix}.{function}.{Suffix}", $"{Prefix}_{function}_{Suffix}", ConfigurationPath.Combine(Prefix, function, Suffix)];
}
