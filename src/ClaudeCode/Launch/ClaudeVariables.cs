namespace FunctionsBroker.ClaudeCode.Launch;

/// <summary>Says which variables an operator may give to a process.</summary>
public static class ClaudeVariables
{
    private static readonly string[] s_own = ["HOME", "TMPDIR", "CLAUDE_CONFIG_DIR", "FUNCTIONS_BROKER_PROCESS", .. ClaudeEnvironment.Own.Keys, .. ClaudeEnvironment.NoBackground.Keys];

    private static readonly string[] s_secretPrefixes = ["AzureWebJobs", "Host__", "Broker__", "Host:", "Broker:"];

    /// <returns>Null when the variable may be set.</returns>
    public static string? WhyRefused(string name)
    {
        ArgumentNullException.ThrowIfNull(name);

        return name switch
        {
            _ when name.Length == 0 || name.AsSpan().IndexOfAny('=', '\0') >= 0 => "it is not a name.",
            _ when s_own.Contains(name, StringComparer.Ordinal) => "the broker sets it itself.",
            _ when s_secretPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) => "it holds the host's own settings and secrets.",
            _ when name.StartsWith("LD_", StringComparison.Ordinal) || name.StartsWith("DYLD_", StringComparison.Ordinal) => "it makes programs load foreign code.",
            _ when ClaudeEnvironment.IsRefused(name) => "it switches the CLI's own safety checks off, or belongs to another CLI session.",
            _ => null,
        };
    }
}
