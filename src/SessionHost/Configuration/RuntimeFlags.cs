namespace FunctionsBroker.SessionHost.Configuration;

/// <summary>Sorts the arguments that an operator has configured for the CLI.</summary>
internal sealed class RuntimeFlags
{
    private const string McpConfig = "--mcp-config";

    /// <summary>What the broker sets for every process; a second value would break the protocol or the isolation.</summary>
    private static readonly string[] s_own =
    [
        "-p", "--print", "--input-format", "--output-format", "--verbose", "--include-partial-messages", "--strict-mcp-config",
        "--setting-sources", "--session-id", "-r", "--resume", "-c", "--continue", "--fork-session", "--no-session-persistence",
        "--permission-prompt-tool", "--replay-user-messages", "--tools",
    ];

    /// <summary>
    /// Of use to the channel transport only. Measured on 2.1.329: without a value the CLI ends with "argument missing",
    /// or takes the next argument, such as <c>--mcp-config=…</c>, for its value; with one, <c>-p</c> mode ignores it.
    /// </summary>
    private static readonly string[] s_channelOnly = ["--dangerously-load-development-channels", "--channels"];

    private readonly List<string> _arguments = [];
    private readonly List<string> _mcpConfigs = [];
    private readonly List<string> _ignored = [];

    public RuntimeFlags(IReadOnlyList<string> flags)
    {
        for (var next = 0; next < flags.Count;)
        {
            var flag = flags[next++];
            List<string> values = [];
            while (next < flags.Count && !flags[next].StartsWith('-'))
            {
                values.Add(flags[next++]);
            }

            Sort(flag, values);
        }
    }

    /// <summary>What is passed on; templates.</summary>
    public IReadOnlyList<string> Arguments => _arguments;

    /// <summary>Files of MCP servers; templates.</summary>
    public IReadOnlyList<string> McpConfigs => _mcpConfigs;

    /// <summary>For the log: what is not passed on, and why.</summary>
    public IReadOnlyList<string> Ignored => _ignored;

    private void Sort(string flag, List<string> values)
    {
        var (name, inline) = flag.Split('=', 2) is [var before, var after] ? (before, after) : (flag, null);
        if (name == McpConfig)
        {
            _mcpConfigs.AddRange(inline is null ? values : [inline, .. values]);
        }
        else if (s_own.Contains(name, StringComparer.Ordinal))
        {
            _ignored.Add($"{name} (the broker sets it itself)");
        }
        else if (s_channelOnly.Contains(name, StringComparer.Ordinal))
        {
            _ignored.Add($"{name} (only the channel transport uses it)");
        }
        else
        {
            _arguments.AddRange([flag, .. values]);
        }
    }
}
