using System.ComponentModel.DataAnnotations;
using FunctionsBroker.ClaudeCode.Launch;
using Microsoft.Extensions.Options;

namespace FunctionsBroker.SessionHost.Options;

/// <summary>One profile, section <c>Host:Profiles:NAME</c>; see <see cref="ClaudeProfile"/> for what each setting does.</summary>
internal sealed class ProfileOptions
{
    private static readonly ClaudeProfile s_defaults = new();

    public string? Model { get; set; }

    /// <value>One model or several, separated by commas.</value>
    public string? FallbackModel { get; set; }

    public string? SystemPrompt { get; set; }

    public string? AppendSystemPrompt { get; set; }

    /// <value>Separated by commas; <c>default</c> is the CLI's own set. The default is none at all, for the profile <c>coder</c> the CLI's own set.</value>
    public string Tools { get; set; } = s_defaults.Tools;

    public string[] AllowedTools { get; set; } = [];

    public string[] DisallowedTools { get; set; } = [];

    /// <value>One of <see cref="ClaudePermissionModes.All"/>.</value>
    public string? PermissionMode { get; set; }

    /// <value><c>deny</c> or <c>relay</c>. The default is <c>deny</c>, for the profile <c>coder</c> it is <c>relay</c>.</value>
    public PermissionHandling Permissions { get; set; } = s_defaults.Permissions;

    /// <value>1 second to 1 day. The default is 2 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan PermissionTimeout { get; set; } = s_defaults.PermissionTimeout;

    public Dictionary<string, McpServerOptions> McpServers { get; } = new(StringComparer.Ordinal);

    /// <value>JSON, or the path of a JSON file.</value>
    public string? Settings { get; set; }

    /// <value>Of <see cref="ClaudeTransports.All"/>, each once. The default is <c>stream-json</c>, then <c>one-shot</c>.</value>
    public string[]? Transports { get; set; }

    /// <value>For the transport <c>channel</c>.</value>
    [ValidateObjectMembers]
    public ChannelOptions Channel { get; } = new();

    /// <value><c>whenSafe</c>, <c>always</c> or <c>never</c>. The default is <c>whenSafe</c>.</value>
    public ReplayRule Replay { get; set; } = s_defaults.Replay;

    /// <value>0 to 10. The default is 2.</value>
    [Range(0, 10)]
    public int MaxRetries { get; set; } = s_defaults.MaxRetries;

    /// <value>1 second to 1 day. The default is the host's <c>TurnIdle</c>.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan? TurnIdle { get; set; }

    /// <value>1 second to 1 day. The default is the host's <c>TurnMax</c>.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan? TurnMax { get; set; }

    /// <value>More than 0. The default is no limit.</value>
    [Range(0.0001, 1_000_000)]
    public decimal? MaxBudgetUsd { get; set; }

    /// <value>1 to 10 000. The default is no limit.</value>
    [Range(1, 10_000)]
    public int? MaxTurns { get; set; }

    /// <value><c>compact</c>, <c>rotate</c> or <c>none</c>. The default is <c>compact</c>.</value>
    public ContextGuardMode ContextGuard { get; set; } = s_defaults.ContextGuard;

    /// <value>0.1 to 1. The default is 0.8.</value>
    [Range(0.1, 1.0)]
    public double ContextThreshold { get; set; } = s_defaults.ContextThreshold;

    /// <value>0 to 100, and together with those of the other profiles fewer than <c>MaxSessions</c>. The default is 0.</value>
    [Range(0, 100)]
    public int Prewarmed { get; set; } = s_defaults.Prewarmed;

    /// <value>64 MiB to 1 TiB. The default is 2048.</value>
    [Range(64, 1024 * 1024)]
    public int MaxProcessMemoryMb { get; set; } = s_defaults.MaxProcessMemoryMb;

    /// <value>1 MiB to 1 TiB. The default is 4096.</value>
    [Range(1, 1024 * 1024)]
    public int MaxDiskMb { get; set; } = s_defaults.MaxDiskMb;

    /// <value><c>none</c> or <c>bubblewrap</c>. The default is <c>none</c>.</value>
    public SandboxMode Sandbox { get; set; } = s_defaults.Sandbox;

    /// <value>Files and folders that a process in a sandbox may read, such as those of MCP servers.</value>
    public string[] SandboxPaths { get; set; } = [];

    /// <value>A model's full name. The default is <see cref="Model"/>; the transport <c>api</c> needs one of the two.</value>
    public string? ApiModel { get; set; }

    /// <value>1 to 1 000 000. The default is 8192.</value>
    [Range(1, 1_000_000)]
    public int ApiMaxTokens { get; set; } = s_defaults.ApiMaxTokens;

    /// <value>The default is false: whatever a prompt begins with, it is text.</value>
    public bool Commands { get; set; } = s_defaults.Commands;

    /// <value>The default is false: what a prompt mentions is text.</value>
    public bool Mentions { get; set; } = s_defaults.Mentions;

    /// <value>The default is false: nothing outlives its turn. Only of the transport <c>stream-json</c>.</value>
    public bool Background { get; set; } = s_defaults.Background;

    /// <value>0 to 100. The default is 20.</value>
    [Range(0, 100)]
    public int MaxAttachments { get; set; } = s_defaults.MaxAttachments;

    /// <value>1 byte to 20 MiB. The default is 20 MiB; images and texts have limits of their own below it.</value>
    [Range(1, 20 * 1024 * 1024)]
    public int MaxAttachmentBytes { get; set; } = s_defaults.MaxAttachmentBytes;

    public ClaudeProfile ToProfile() => new()
    {
        Model = Model,
        FallbackModel = FallbackModel,
        SystemPrompt = SystemPrompt,
        AppendSystemPrompt = AppendSystemPrompt,
        Tools = Tools,
        AllowedTools = AllowedTools,
        DisallowedTools = DisallowedTools,
        PermissionMode = PermissionMode,
        Permissions = Permissions,
        PermissionTimeout = PermissionTimeout,
        McpServers = McpServers.ToDictionary(server => server.Key, server => server.Value.ToServer(), StringComparer.Ordinal),
        Settings = Settings,
        Transports = Transports ?? s_defaults.Transports,
        Channel = Channel.ToProfile(),
        Replay = Replay,
        MaxRetries = MaxRetries,
        TurnIdle = TurnIdle,
        TurnMax = TurnMax,
        MaxBudgetUsd = MaxBudgetUsd,
        MaxTurns = MaxTurns,
        ContextGuard = ContextGuard,
        ContextThreshold = ContextThreshold,
        Prewarmed = Prewarmed,
        MaxProcessMemoryMb = MaxProcessMemoryMb,
        MaxDiskMb = MaxDiskMb,
        Sandbox = Sandbox,
        SandboxPaths = SandboxPaths,
        ApiModel = ApiModel ?? Model,
        ApiMaxTokens = ApiMaxTokens,
        Commands = Commands,
        Mentions = Mentions,
        Background = Background,
        MaxAttachments = MaxAttachments,
        MaxAttachmentBytes = MaxAttachmentBytes,
    };
}

/// <summary>One MCP server of a profile, section <c>Host:Profiles:PROFILE:McpServers:NAME</c>: a <see cref="Command"/> or a <see cref="Url"/>.</summary>
internal sealed class McpServerOptions
{
    public string? Command { get; set; }

    public string[] Args { get; set; } = [];

    public Dictionary<string, string> Env { get; } = new(StringComparer.Ordinal);

    /// <value>An absolute http or https address.</value>
    public Uri? Url { get; set; }

    public Dictionary<string, string> Headers { get; } = new(StringComparer.Ordinal);

    public McpServer ToServer() => new()
    {
        Command = Command,
        Arguments = Args,
        Environment = Env,
        Url = Url,
        Headers = Headers,
    };
}
