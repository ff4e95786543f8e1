using System.Text.RegularExpressions;
using FunctionsBroker.SessionHost.Options;

namespace FunctionsBroker.SessionHost.Configuration;

/// <summary>Texts that name a field of the session, such as <c>--mcp-config={{mcp_config}}</c>.</summary>
internal static partial class SessionTemplate
{
    /// <summary>The fields that a text may name, as the configuration file calls them.</summary>
    public static IReadOnlyList<string> Fields { get; } = ["id", "profile", "mcp_config", "transcript", "auto_accept_prompts", "stop_hook_url"];

    /// <summary>The names that a text uses, known or not.</summary>
    public static IEnumerable<string> NamesIn(string text) => Pattern().Matches(text).Select(match => match.Groups[1].Value);

    /// <summary>Puts the session's values in.</summary>
    /// <returns>Null when the session has no value for one of the names.</returns>
    public static string? Expand(string text, DeclaredSessionOptions? session)
    {
        var complete = true;
        var expanded = Pattern().Replace(text, match =>
        {
            var value = session is null ? null : ValueOf(match.Groups[1].Value, session);
            complete &= value is not null;
            return value ?? string.Empty;
        });
        return complete ? expanded : null;
    }

    public static string? ValueOf(string field, DeclaredSessionOptions session) =>
        field switch
        {
            "id" => session.Id,
            "profile" => session.Profile ?? SessionHostOptions.DefaultProfile,
            "mcp_config" => HomePath.Expand(session.McpConfig),
            "transcript" => HomePath.Expand(session.Transcript),
            "auto_accept_prompts" => session.AutoAcceptPrompts ? "true" : "false",
            "stop_hook_url" => session.StopHookUrl?.OriginalString,
            _ => null,
        };

    [GeneratedRegex(@"\{\{\s*([A-Za-z0-9_.-]*)\s*\}\}")]
    private static partial Regex Pattern();
}
