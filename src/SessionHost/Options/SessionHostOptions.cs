using System.ComponentModel.DataAnnotations;
using FunctionsBroker.Access;
using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.SessionHost.Options;

/// <summary>The settings of a session host, section <c>Host</c>.</summary>
internal sealed class SessionHostOptions
{
    public const string SectionName = "Host";

    /// <summary>The profile of sessions that name none, made for chat rooms: without tools.</summary>
    public const string DefaultProfile = ProfileNames.Default;

    /// <summary>A profile with the CLI's tools, which asks before it uses one.</summary>
    public const string CoderProfile = "coder";

    /// <value>The host's name, unique among all hosts and the same after a restart: 1 to 64 of <c>[A-Za-z0-9._-]</c>. The default is the machine's name.</value>
    [Required]
    [RegularExpression("^[A-Za-z0-9._-]{1,64}$")]
    public string HostId { get; set; } = Environment.MachineName;

    /// <value>The base address under which the front reaches this host. The default is, in Azure Container Apps, the name of the running revision, else the address that it listens on.</value>
    public Uri? PublicUrl { get; set; }

    /// <value>The secret that callers of the host API show; at least 16 characters. Needed, unless they show an identity.</value>
    [MinLength(16)]
    public string? HostKey { get; set; }

    /// <value>A second secret that callers may show, so that the first can be changed without a gap; at least 16 characters. The default is none.</value>
    [MinLength(16)]
    public string? SpareHostKey { get; set; }

    /// <value>The secret that this host shows to the front's callback; at least 16 characters. Needed, unless it shows an identity.</value>
    [MinLength(16)]
    public string? CallbackKey { get; set; }

    /// <value>Identities of front and hosts, in place of the secrets or beside them. The default is none.</value>
    public IdentityOptions Identity { get; } = new();

    /// <value>A folder on this host's own disk, for the sessions' files. No other host may have it.</value>
    [Required]
    public string WorkPath { get; set; } = string.Empty;

    /// <value>The CLI: a path, or a name on the <c>PATH</c>. The default is <c>claude</c>.</value>
    [Required]
    public string ClaudeBinary { get; set; } = "claude";

    /// <value>How many processes may live at once, 1 to 1000. The default is 20.</value>
    [Range(1, 1000)]
    public int MaxSessions { get; set; } = 20;

    /// <value>How often the host's row is written, 100 ms to 1 minute. The default is 2 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <value>How long a turn may take, 1 second to 1 day. The default is 10 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan TurnMax { get; set; } = TimeSpan.FromMinutes(10);

    /// <value>How long a turn may go without any output, 1 second to 1 day. The default is 120 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan TurnIdle { get; set; } = TimeSpan.FromSeconds(120);

    /// <value>What all processes together may hold in memory, in MiB, at least 256: idle ones are closed beyond it. The default is no limit.</value>
    [Range(256, 1024 * 1024)]
    public int? MaxMemoryMb { get; set; }

    /// <value>How much of the disk has to be free for the host to take turns, in MiB, 0 to 1 TiB. The default is 512.</value>
    [Range(0, 1024 * 1024)]
    public int MinFreeDiskMb { get; set; } = 512;

    /// <value>How often memory and disk are looked at, 100 ms to 10 minutes. The default is 5 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan MemoryCheckInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <value>When an idle process is closed, 1 second to 1 day. The session is kept. The default is 10 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan ProcessIdle { get; set; } = TimeSpan.FromMinutes(10);

    /// <value>How long after its last turn a session may be deleted, 1 minute to 365 days. The default is 24 hours.</value>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan SessionTtl { get; set; } = TimeSpan.FromHours(24);

    /// <value>How long running turns may go on when the host is told to stop, 0 to 10 minutes. The default is 10 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <value>User ids <c>FIRST-LAST</c>, at least as many as <see cref="MaxSessions"/>, that processes run as, each its own. Needs root. The default is the host's own user.</value>
    public string? SessionUids { get; set; }

    /// <value>How often a listener to a turn's events is sent a sign of life when nothing happens, 1 second to 10 minutes. The default is 15 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan EventHeartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <value>How long the events of a turn that has ended are kept, 1 second to 1 hour. The default is 2 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan EventRetention { get; set; } = TimeSpan.FromMinutes(2);

    /// <value>About how much memory the events of one turn may take, in bytes, 64 KiB to 256 MiB. The default is 4 MiB.</value>
    [Range(64 * 1024, 256 * 1024 * 1024)]
    public int MaxEventBytes { get; set; } = 4 * 1024 * 1024;

    /// <value>The configuration file. The default is <c>session-broker.config.yaml</c> in the current folder, where it is.</value>
    public string? ConfigFile { get; set; }

    /// <value>Sessions whose processes are started with the host.</value>
    public DeclaredSessionOptions[] Sessions { get; set; } = [];

    /// <value>What every process gets beside its profile.</value>
    public RuntimeOptions Runtime { get; } = new();

    /// <value>How processes are run, by name. <c>default</c> and <c>coder</c> are there also when they are not configured.</value>
    public Dictionary<string, ProfileOptions> Profiles { get; } = new(StringComparer.Ordinal);

    /// <summary>Adds the profiles that are there without being configured. Settings that are read afterwards change what they name and leave the rest.</summary>
    public void AddOwnProfiles()
    {
        Profiles[DefaultProfile] = new ProfileOptions();
        Profiles[CoderProfile] = new ProfileOptions { Tools = ClaudeProfile.AllTools, Permissions = PermissionHandling.Relay };
    }
}

/// <summary>A session that is there from the start, section <c>Host:Sessions:N</c>.</summary>
internal sealed class DeclaredSessionOptions
{
    /// <value>The session's id.</value>
    public string Id { get; set; } = string.Empty;

    /// <value>A configured profile. The default is <c>default</c>.</value>
    public string? Profile { get; set; }

    /// <value>A file of MCP servers in the CLI's format, used by this session's process; <c>~</c> is the host's home.</value>
    public string? McpConfig { get; set; }

    /// <value>Where a link to the session's transcript is put; <c>~</c> is the host's home.</value>
    public string? Transcript { get; set; }

    /// <value>Whether the channel transport may answer the CLI's questions at its start. No other transport meets any.</value>
    public bool AutoAcceptPrompts { get; set; }

    /// <value>Where the channel transport's Stop hook reports to. No other transport needs one.</value>
    public Uri? StopHookUrl { get; set; }
}

/// <summary>What every process gets beside its profile, section <c>Host:Runtime</c>.</summary>
internal sealed class RuntimeOptions
{
    /// <value>Arguments of the CLI, which may name fields of a declared session: <c>--mcp-config={{mcp_config}}</c>.</value>
    public string[] Flags { get; set; } = [];

    /// <value>Variables of the process, which may name fields in the same way.</value>
    public Dictionary<string, string> Env { get; } = new(StringComparer.Ordinal);
}
