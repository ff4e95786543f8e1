namespace FunctionsBroker.ClaudeCode.Launch;

/// <summary>The environment of a <c>claude</c> process: what is on the list, and nothing else of the host's own.</summary>
internal static class ClaudeEnvironment
{
    /// <summary>The name that the CLI gives the transcripts' folder, whatever the working folder is called.</summary>
    public const string ProjectFolder = "session";

    /// <summary>What every process has, whatever the operator or the profile says.</summary>
    public static IReadOnlyDictionary<string, string> Own { get; } = new Dictionary<string, string>
    {
        ["DISABLE_AUTOUPDATER"] = "1",
        ["CLAUDE_CODE_PROJECT_DIR_NAME"] = ProjectFolder,

        // Without it, a prompt's "@path" attaches that file, wherever a prompt is not sent as composed: typed, or as a command.
        ["CLAUDE_CODE_DISABLE_FILE_MENTIONS"] = "1",
    };

    /// <summary>What every process has whose profile does not let it go on by itself between turns.</summary>
    public static IReadOnlyDictionary<string, string> NoBackground { get; } = new Dictionary<string, string>
    {
        ["CLAUDE_CODE_DISABLE_CRON"] = "1",
        ["CLAUDE_CODE_DISABLE_BACKGROUND_TASKS"] = "1",
    };

    private const string RetriesVariable = "CLAUDE_CODE_MAX_RETRIES";

    /// <summary>The CLI's own deadlines are 5 minutes and more: what stands still is for the broker's watchdogs to see.</summary>
    private static readonly (string Name, string Value)[] s_defaults =
    [
        ("CLAUDE_BYTE_STREAM_IDLE_TIMEOUT_MS", "60000"),
        ("API_TIMEOUT_MS", "300000"),
    ];

    private static readonly string[] s_names =
    [
        "PATH", "LANG", "LC_ALL", "TZ",
        "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "no_proxy", "all_proxy",
        "SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS",
        "API_TIMEOUT_MS", "CLAUDE_BYTE_STREAM_IDLE_TIMEOUT_MS", "MAX_THINKING_TOKENS", "BASH_DEFAULT_TIMEOUT_MS", "BASH_MAX_TIMEOUT_MS", "MCP_TIMEOUT", "MCP_TOOL_TIMEOUT",
        "DISABLE_TELEMETRY", "DISABLE_ERROR_REPORTING", "DO_NOT_TRACK",
    ];

    private static readonly string[] s_prefixes = ["ANTHROPIC_", "CLAUDE_CODE_"];

    /// <summary>Cloud credentials go only to a CLI that was told to use that cloud.</summary>
    private static readonly (string Switch, string[] Prefixes)[] s_clouds =
    [
        ("CLAUDE_CODE_USE_BEDROCK", ["AWS_"]),
        ("CLAUDE_CODE_USE_VERTEX", ["GOOGLE_", "CLOUD_ML_", "VERTEX_"]),
    ];

    /// <summary>
    /// Never passed on: claims about a sandbox that switch the CLI's own safety checks off, and what belongs to a
    /// CLI session that the host itself may have been started from.
    /// </summary>
    private static readonly string[] s_refusedParts = ["SANDBOX", "BUBBLEWRAP"];

    private static readonly string[] s_refusedNames =
        ["CLAUDE_CODE_ENTRYPOINT", "CLAUDE_CODE_SESSION_ID", "CLAUDE_CODE_SSE_PORT", "CLAUDE_CODE_PROJECT_DIR_NAME"];

    /// <param name="host">The host's own environment.</param>
    /// <param name="extra">What the profile adds; what the broker itself sets is not changed by it.</param>
    /// <param name="background">Whether the CLI may go on by itself between turns.</param>
    public static IReadOnlyDictionary<string, string> For(
        SessionFolders folders,
        IReadOnlyDictionary<string, string> host,
        IReadOnlyDictionary<string, string> extra,
        bool background = false)
    {
        var prefixes = s_clouds.Where(cloud => IsOn(host, cloud.Switch)).SelectMany(cloud => cloud.Prefixes).Concat(s_prefixes).ToArray();
        var environment = host
            .Where(variable => IsAllowed(variable.Key, prefixes))
            .ToDictionary(StringComparer.Ordinal);

        foreach (var (name, value) in extra.Where(variable => ClaudeVariables.WhyRefused(variable.Key) is null))
        {
            environment[name] = value;
        }

        foreach (var (name, value) in s_defaults)
        {
            environment.TryAdd(name, value);
        }

        // Ten, the CLI's own number, take three minutes; without any it does not tell of the pause that a rate limit asks for.
        if (environment.GetValueOrDefault(RetriesVariable) is null or "0")
        {
            environment[RetriesVariable] = "1";
        }

        environment["HOME"] = folders.Home;
        environment["TMPDIR"] = folders.Temporary;
        environment["CLAUDE_CONFIG_DIR"] = folders.Config;
        foreach (var (name, value) in background ? Own : Own.Concat(NoBackground))
        {
            environment[name] = value;
        }

        return environment;
    }

    internal static bool IsRefused(string name) =>
        s_refusedNames.Contains(name, StringComparer.Ordinal)
        || s_refusedParts.Any(part => name.Contains(part, StringComparison.OrdinalIgnoreCase));

    private static bool IsAllowed(string name, string[] prefixes) =>
        (s_names.Contains(name, StringComparer.Ordinal) || prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)))
        && !IsRefused(name);

    private static bool IsOn(IReadOnlyDictionary<string, string> host, string name) =>
        host.TryGetValue(name, out var value) && value is not ("" or "0" or "false");
}
