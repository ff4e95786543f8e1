using System.Globalization;

namespace FunctionsBroker.ClaudeCode.Launch;

/// <summary>The CLI's command line. Prompts are not in it: other users of the machine can read it.</summary>
internal static class ClaudeArguments
{
    /// <summary>
    /// Tools that have the CLI begin turns of its own after the turn that called them. Measured on 2.1.332: these work whatever
    /// the variables say that end the others (see <see cref="ClaudeEnvironment.NoBackground"/>).
    /// </summary>
    private static readonly string[] s_outlivingTools = ["ScheduleWakeup", "Workflow", "Monitor"];

    /// <summary>For a process that lives from turn to turn.</summary>
    /// <param name="resume">Whether to take up the transcript that is there; otherwise a new conversation is begun under the id.</param>
    public static IReadOnlyList<string> For(ClaudeProfile profile, SessionFolders folders, Guid claudeSessionId, bool resume) =>
    [
        "-p",
        "--input-format", "stream-json",
        "--output-format", "stream-json",
        "--verbose", // stream-json is refused without it
        "--include-partial-messages", // a long answer shows that it is alive
        .. profile.Permissions == PermissionHandling.Relay ? ["--permission-prompt-tool", "stdio"] : Array.Empty<string>(),
        .. Shared(profile, folders, claudeSessionId, resume, profile.Background),
    ];

    /// <summary>For a process that ends with the answer to its one prompt. There is nobody whom it could ask: its stdin is closed by then.</summary>
    public static IReadOnlyList<string> ForOneShot(ClaudeProfile profile, SessionFolders folders, Guid claudeSessionId, bool resume) =>
    [
        "-p",
        "--input-format", "stream-json", // a prompt as plain text has no id, and could not be told from a repetition
        "--output-format", "stream-json",
        "--verbose",
        "--include-partial-messages",
        .. Shared(profile, folders, claudeSessionId, resume),
    ];

    /// <summary>For a process in a terminal that takes the messages of a channel.</summary>
    /// <param name="channel">The MCP server that is the channel.</param>
    public static IReadOnlyList<string> ForInteractive(ClaudeProfile profile, SessionFolders folders, string channel, Guid claudeSessionId, bool resume) =>
    [
        "--dangerously-load-development-channels", $"server:{channel}", // the vendor's way for servers that are not on its own list
        "--debug-file", folders.DebugLog, // the only place that surely says whether the channel is taken
        .. Shared(profile, folders, claudeSessionId, resume),
    ];

    /// <summary>What every way of running the CLI has in common.</summary>
    /// <param name="background">Whether the CLI may go on by itself between turns.</param>
    public static IReadOnlyList<string> Shared(ClaudeProfile profile, SessionFolders folders, Guid claudeSessionId, bool resume, bool background = false)
    {
        List<string> arguments =
        [
            "--strict-mcp-config", // the working folder may not start servers
            "--setting-sources", "", // nor run hooks
        ];
        AddAll(arguments, "--mcp-config", McpFiles(profile, folders));
        Add(arguments, "--settings", profile.Settings);
        Add(arguments, "--model", profile.Model);
        Add(arguments, "--fallback-model", profile.FallbackModel);
        Add(arguments, "--system-prompt", profile.SystemPrompt);
        Add(arguments, "--append-system-prompt", profile.AppendSystemPrompt);
        Add(arguments, "--tools", profile.Tools);
        AddAll(arguments, "--allowedTools", profile.AllowedTools);
        AddAll(arguments, "--disallowedTools", [.. profile.DisallowedTools, .. background ? [] : s_outlivingTools]);
        Add(arguments, "--permission-mode", profile.PermissionMode);
        Add(arguments, "--max-budget-usd", profile.MaxBudgetUsd?.ToString(CultureInfo.InvariantCulture));
        Add(arguments, "--max-turns", profile.MaxTurns?.ToString(CultureInfo.InvariantCulture));
        arguments.AddRange(profile.ExtraArguments);

        // Last, so that the options before it that take several values end here.
        Add(arguments, resume ? "--resume" : "--session-id", claudeSessionId.ToString("D"));
        return arguments;
    }

    private static IReadOnlyList<string> McpFiles(ClaudeProfile profile, SessionFolders folders) =>
    [
        .. profile.McpServers.Count > 0 ? [folders.McpConfig] : Array.Empty<string>(),
        .. profile.McpConfigFiles,
    ];

    private static void Add(List<string> arguments, string option, string? value)
    {
        if (value is not null)
        {
            arguments.AddRange([option, value]);
        }
    }

    private static void AddAll(List<string> arguments, string option, IReadOnlyList<string> values)
    {
        if (values.Count > 0)
        {
            arguments.AddRange([option, .. values]);
        }
    }
}
