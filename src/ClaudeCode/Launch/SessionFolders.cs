using FunctionsBroker.ClaudeCode.Transcripts;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.ClaudeCode.Launch;

/// <summary>Where a session's files are. All names are generated; none is made of what a caller sent.</summary>
/// <remarks>
/// What another host needs to resume is below the shared folder; what may be lost is on the host's own disk.
/// Every folder is open to its owner only.
/// </remarks>
public sealed record SessionFolders
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Passable = OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private const string ConfigName = "config";

    /// <param name="sessionsPath">The folder that all hosts share.</param>
    /// <param name="workPath">A folder on this host's own disk.</param>
    public SessionFolders(string sessionsPath, string workPath, RouteId route)
    {
        Route = route;
        Shared = Path.Combine(Path.GetFullPath(sessionsPath), route.Value);
        Home = Path.Combine(Path.GetFullPath(workPath), "sessions", route.Value);
    }

    /// <summary>What the folders are called.</summary>
    public RouteId Route { get; }

    /// <summary>The session's folder on shared storage.</summary>
    public string Shared { get; }

    /// <summary><c>CLAUDE_CONFIG_DIR</c>: settings and transcripts.</summary>
    public string Config => Path.Combine(Shared, ConfigName);

    /// <summary>What was said in the conversation without the CLI.</summary>
    public string Exchanges => Path.Combine(Shared, "exchanges.jsonl");

    /// <summary>Names the process that is alive for the session.</summary>
    public string ProcessFile => Path.Combine(Shared, "process.json");

    /// <summary>The session's folder on the host's disk, and its <c>HOME</c>.</summary>
    public string Home { get; }

    /// <summary>The process's working folder.</summary>
    public string Work => Path.Combine(Home, "work");

    /// <summary>The MCP servers of the session's profile, as <see cref="McpConfiguration"/> writes them.</summary>
    public string McpConfig => Path.Combine(Home, "mcp-config.json");

    /// <summary>The settings of an interactive process.</summary>
    public string Settings => Path.Combine(Home, "settings.json");

    /// <summary>What an interactive process writes of itself.</summary>
    public string DebugLog => Path.Combine(Home, "debug.log");

    /// <summary>The process's <c>TMPDIR</c>.</summary>
    public string Temporary => Path.Combine(Home, "tmp");

    /// <summary>The conversation's transcript.</summary>
    public Transcript Transcript(Guid claudeSessionId) => new(Path.Combine(Config, TranscriptFile(claudeSessionId)));

    /// <summary>The transcript's file, relative to the folder that all hosts share.</summary>
    public string RelativeTranscriptPath(Guid claudeSessionId) => Path.Combine(Route.Value, ConfigName, TranscriptFile(claudeSessionId));

    public void Create()
    {
        foreach (var path in (string[])[Shared, Config, Home, Work, Temporary])
        {
            Directory.CreateDirectory(path, OwnerOnly);
        }
    }

    /// <summary>Gives the session's own folders to a user. The shared folder stays the host's: the user only passes through.</summary>
    /// <param name="alsoContent">Whether somebody else may own what is in them.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">This process may not.</exception>
    internal void GiveTo(int user, bool alsoContent)
    {
        File.SetUnixFileMode(Shared, Passable);
        foreach (var path in (string[])[Config, Home])
        {
            FileOwner.Set(path, user, alsoContent);
        }
    }

    public void Delete()
    {
        foreach (var path in (string[])[Shared, Home])
        {
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }
        }
    }

    private static string TranscriptFile(Guid claudeSessionId) =>
        Path.Combine("projects", ClaudeEnvironment.ProjectFolder, $"{claudeSessionId:D}.jsonl");
}
