using FunctionsBroker.ClaudeCode.Launch;
using Microsoft.Extensions.Options;

namespace FunctionsBroker.SessionHost.Options;

/// <summary>Finds what is wrong with a profile.</summary>
internal static class ProfileOptionsRules
{
    private static readonly ProfileOptionsValidator s_validator = new();

    /// <param name="key">The profile's own key, such as <c>Host:Profiles:coder</c>.</param>
    public static IEnumerable<string> Check(string key, ProfileOptions profile) =>
        [.. CheckRanges(key, profile), .. CheckRules(key, profile).Select(fault => fault.Message), .. CheckTools(key, profile)];

    /// <summary>Finds what a look at each setting by itself does not show.</summary>
    /// <returns>Each fault with the key of what has it.</returns>
    public static IEnumerable<(string Key, string Message)> CheckRules(string key, ProfileOptions profile) =>
        [.. CheckModes(key, profile), .. CheckTransports(key, profile), .. CheckServers(key, profile)];

    private static IEnumerable<string> CheckRanges(string key, ProfileOptions profile) =>
        (s_validator.Validate(key, profile).Failures ?? []).Select(failure => $"{key}: {failure}");

    private static IEnumerable<string> CheckTools(string key, ProfileOptions profile)
    {
        if (profile.Tools.Length == 0 && profile.AllowedTools.FirstOrDefault(rule => !rule.StartsWith("mcp__", StringComparison.Ordinal)) is { } rule)
        {
            yield return $"{key}:AllowedTools has '{rule}', but the profile has no tools: name them in {key}:Tools ('{ClaudeProfile.AllTools}' is the CLI's own set).";
        }
    }

    private static IEnumerable<(string Key, string Message)> CheckModes(string key, ProfileOptions profile)
    {
        if (profile.PermissionMode is { } mode && !ClaudePermissionModes.All.Contains(mode))
        {
            yield return ($"{key}:PermissionMode", $"{key}:PermissionMode is '{mode}', but must be one of {string.Join(", ", ClaudePermissionModes.All)}.");
        }
    }

    private static IEnumerable<(string Key, string Message)> CheckTransports(string key, ProfileOptions profile)
    {
        if (profile.Transports is not { } transports)
        {
            yield break;
        }

        if (transports is [])
        {
            yield return ($"{key}:Transports", $"{key}:Transports must name one at least.");
        }

        foreach (var unknown in transports.Except(ClaudeTransports.All, StringComparer.Ordinal))
        {
            yield return ($"{key}:Transports", $"{key}:Transports has '{unknown}', but may have only {string.Join(", ", ClaudeTransports.All)}.");
        }

        if (transports.Distinct(StringComparer.Ordinal).Count() < transports.Length)
        {
            yield return ($"{key}:Transports", $"{key}:Transports names one twice.");
        }

        if (transports.Contains(ClaudeTransports.Api) && (profile.ApiModel ?? profile.Model) is null)
        {
            yield return ($"{key}:ApiModel", $"{key}:ApiModel is needed for the transport '{ClaudeTransports.Api}'.");
        }
    }

    private static IEnumerable<(string Key, string Message)> CheckServers(string key, ProfileOptions profile)
    {
        foreach (var (name, server) in profile.McpServers)
        {
            if (string.IsNullOrEmpty(server.Command) == server.Url is null)
            {
                yield return ($"{key}:McpServers:{name}", $"{key}:McpServers:{name} needs either a Command or a Url.");
            }

            if (server.Url is { } url && !(url.IsAbsoluteUri && url.Scheme is "http" or "https"))
            {
                yield return ($"{key}:McpServers:{name}:Url", $"{key}:McpServers:{name}:Url must be an absolute http or https address.");
            }
        }
    }
}

/// <summary>Checks each setting of a profile by itself.</summary>
[OptionsValidator]
internal sealed partial class ProfileOptionsValidator : IValidateOptions<ProfileOptions>;
