namespace FunctionsBroker.ClaudeCode.Launch;

/// <summary>How a conversation is run. What concerns the process is fixed when the process starts.</summary>
public sealed record ClaudeProfile
{
    /// <summary>The value of <see cref="Tools"/> for the CLI's own set.</summary>
    public const string AllTools = "default";

    /// <summary>The model's name or alias; null leaves it to the CLI.</summary>
    public string? Model { get; init; }

    /// <summary>Tried in this order, separated by commas, while the model is overloaded or unavailable.</summary>
    public string? FallbackModel { get; init; }

    /// <summary>Replaces the CLI's own system prompt.</summary>
    public string? SystemPrompt { get; init; }

    /// <summary>Is added to the system prompt.</summary>
    public string? AppendSystemPrompt { get; init; }

    /// <summary>The CLI's tools that exist, separated by commas; empty is none, <see cref="AllTools"/> the CLI's own set.</summary>
    public string Tools { get; init; } = "";

    /// <summary>Rules for tools that may run unasked, such as <c>Bash(git log:*)</c>.</summary>
    public IReadOnlyList<string> AllowedTools { get; init; } = [];

    /// <summary>Rules for tools that may not run.</summary>
    public IReadOnlyList<string> DisallowedTools { get; init; } = [];

    /// <summary>One of <see cref="ClaudePermissionModes.All"/>; null leaves the CLI's default, which denies what no rule allows.</summary>
    public string? PermissionMode { get; init; }

    public PermissionHandling Permissions { get; init; } = PermissionHandling.Deny;

    /// <summary>How long a relayed question may wait for its answer.</summary>
    public TimeSpan PermissionTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>MCP servers by name.</summary>
    public IReadOnlyDictionary<string, McpServer> McpServers { get; init; } = new Dictionary<string, McpServer>();

    /// <summary>Files of MCP servers in the CLI's own format, in use beside <see cref="McpServers"/>.</summary>
    public IReadOnlyList<string> McpConfigFiles { get; init; } = [];

    /// <summary>Settings of the CLI: JSON, or the path of a JSON file. Project and user settings are never read.</summary>
    public string? Settings { get; init; }

    /// <summary>Where a link to the conversation's transcript is put; null for nowhere.</summary>
    public string? TranscriptLink { get; init; }

    /// <summary>Further arguments of the CLI, for what is not named here.</summary>
    public IReadOnlyList<string> ExtraArguments { get; init; } = [];

    /// <summary>Further variables of the process.</summary>
    public IReadOnlyDictionary<string, string> ExtraEnvironment { get; init; } = new Dictionary<string, string>();

    /// <summary>The way to the model and the ways to fall back to, of <see cref="ClaudeTransports.All"/>.</summary>
    public IReadOnlyList<string> Transports { get; init; } = [ClaudeTransports.StreamJson, ClaudeTransports.OneShot];

    public ChannelProfile Channel { get; init; } = new();

    public ReplayRule Replay { get; init; } = ReplayRule.WhenSafe;

    /// <summary>How often a turn is tried again after an error of the model that may pass.</summary>
    public int MaxRetries { get; init; } = 2;

    /// <summary>How long a turn may go without any output; null leaves the host's limit.</summary>
    public TimeSpan? TurnIdle { get; init; }

    /// <summary>How long a turn may take; null leaves the host's limit.</summary>
    public TimeSpan? TurnMax { get; init; }

    /// <summary>What one process may spend by the CLI's reckoning; null is without limit.</summary>
    public decimal? MaxBudgetUsd { get; init; }

    /// <summary>How many calls to the model one turn may make; null is without limit.</summary>
    public int? MaxTurns { get; init; }

    public ContextGuardMode ContextGuard { get; init; } = ContextGuardMode.Compact;

    /// <summary>The share of the model's context window from which <see cref="ContextGuard"/> acts.</summary>
    public double ContextThreshold { get; init; } = 0.8;

    /// <summary>How many processes are kept ready for sessions that are yet to come.</summary>
    public int Prewarmed { get; init; }

    /// <summary>What a process with all that it has started may hold in memory between turns, in MiB.</summary>
    public int MaxProcessMemoryMb { get; init; } = 2048;

    /// <summary>What the session's files may take on the disk together, in MiB: a turn that makes them larger is stopped.</summary>
    public int MaxDiskMb { get; init; } = 4096;

    public SandboxMode Sandbox { get; init; } = SandboxMode.None;

    /// <summary>What a process in a sandbox may read beside its own folders and the system's programs.</summary>
    public IReadOnlyList<string> SandboxPaths { get; init; } = [];

    /// <summary>The model's name for <see cref="ClaudeTransports.Api"/>; null is <see cref="Model"/>.</summary>
    public string? ApiModel { get; init; }

    /// <summary>The longest answer over <see cref="ClaudeTransports.Api"/>, in tokens.</summary>
    public int ApiMaxTokens { get; init; } = 8192;

    /// <summary>Whether a prompt that begins with a slash may be one of the CLI's commands, which can change the model, the settings and the conversation.</summary>
    public bool Commands { get; init; }

    /// <summary>Whether a file of the working folder that a prompt mentions, <c>@path</c>, is shown to the model.</summary>
    public bool Mentions { get; init; }

    /// <summary>
    /// Whether the CLI may go on by itself between turns: background tasks, monitors, workflows, scheduled prompts. Only of a process
    /// of <see cref="ClaudeTransports.StreamJson"/>.
    /// </summary>
    public bool Background { get; init; }

    /// <summary>How many attachments a turn may have.</summary>
    public int MaxAttachments { get; init; } = 20;

    /// <summary>The size of the largest attachment, in bytes; images and texts have limits of their own below it.</summary>
    public int MaxAttachmentBytes { get; init; } = 20 * 1024 * 1024;
}

/// <summary>How a profile's turns go over a channel; see <see cref="ClaudeTransports.Channel"/>.</summary>
public sealed record ChannelProfile
{
    /// <summary>Whether prompts are typed into the terminal where the CLI does not offer channels.</summary>
    public bool TypedInput { get; init; }

    /// <summary>Whether questions that the CLI asks at its start may be answered by key, where they are known.</summary>
    public bool AcceptPrompts { get; init; }

    /// <summary>From a push to a sign that it has arrived; it is pushed twice at most.</summary>
    public TimeSpan Arrival { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the CLI has, once it is connected, to say whether it offers channels.</summary>
    public TimeSpan Probe { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>For how long it is believed that it does not.</summary>
    public TimeSpan Unavailable { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Where the end of a turn is reported beside the host's own address; null for nowhere.</summary>
    public Uri? StopHookUrl { get; init; }

    /// <summary>What the session is called in <see cref="StopHookUrl"/>, beside its route.</summary>
    public IReadOnlyList<string> HookNames { get; init; } = [];
}

/// <summary>What is done before a conversation outgrows its model's context window.</summary>
public enum ContextGuardMode
{
    /// <summary>The CLI sums the conversation up and goes on with the summary.</summary>
    Compact,

    /// <summary>A new conversation is begun, which knows nothing of the old one.</summary>
    Rotate,

    None,
}

/// <summary>What becomes of a tool call that no rule allows.</summary>
public enum PermissionHandling
{
    /// <summary>The CLI refuses it and the model is told.</summary>
    Deny,

    /// <summary>Whoever listens to the turn is asked; no answer in time is a refusal.</summary>
    Relay,
}

/// <summary>Whether a turn whose process ended in the middle of it is run again.</summary>
public enum ReplayRule
{
    /// <summary>Unless a tool may have acted in it already.</summary>
    WhenSafe,

    Always,

    Never,
}

/// <summary>The permission modes that the CLI knows.</summary>
public static class ClaudePermissionModes
{
    public static IReadOnlyList<string> All { get; } =
        ["acceptEdits", "auto", "bypassPermissions", "default", "dontAsk", "plan"];
}
