using FunctionsBroker.ClaudeCode.Transcripts;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.ClaudeCode.Launch;

/// <summary>Where a session's files are. All names are generated; none is made of what a caller sent.</summary>
/// <remarks>
/// All are on the host's own disk: what another host needs to take the conversation up is in storage. Every folder is open to
/// its owner only. The session's process has <see cref="Config"/> and <see cref="Home"/>; what is beside them is the host's.
/// </remarks>
public sealed record SessionFolders
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Passable = OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <param name="workPath">A folder on this host's own disk.</param>
    public SessionFolders(string workPath, RouteId route)
    {
        Route = route;
        Root = Path.Combine(RootOf(workPath), route.Value);
    }

    /// <summary>What the folders are called.</summary>
    public RouteId Route { get; }

    /// <summary>The session's folder, in which all others are.</summary>
    public string Root { get; }

    /// <summary><c>CLAUDE_CONFIG_DIR</c>: settings and transcripts.</summary>
    public string Config => Path.Combine(Root, "config");

    /// <summary>What was said in the conversation without the CLI.</summary>
    public string Exchanges => Path.Combine(Root, "exchanges.jsonl");

    /// <summary>Says of which session and placement the files are.</summary>
    public string Mark => Path.Combine(Root, "session.json");

    /// <summary>The process's <c>HOME</c>.</summary>
    public string Home => Path.Combine(Root, "home");

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
    public Transcript Transcript(Guid claudeSessionId) => new(Path.Combine(Config, "projects", ClaudeEnvironment.ProjectFolder, $"{claudeSessionId:D}.jsonl"));

    /// <summary>The folder in which every session of a host has its own.</summary>
    public static string RootOf(string workPath) => Path.Combine(Path.GetFullPath(workPath), "sessions");

    public void Create()
    {
        foreach (var path in (string[])[Root, Config, Home, Work, Temporary])
        {
            Directory.CreateDirectory(path, OwnerOnly);
        }
    }

    /// <summary>Gives the process's folders to a user. The session's folder stays the host's: the user only passes through.</summary>
    /// <param name="alsoContent">Whether somebody else may own what is in <see cref="Home"/>.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">This process may not.</exception>
    internal void GiveTo(int user, bool alsoContent)
    {
        File.SetUnixFileMode(Root, Passable);

        // The host may have put a transcript there.
        FileOwner.Set(Config, user, alsoContent: true);
        FileOwner.Set(Home, user, alsoContent);
    }

    public void Delete() => FolderRemoval.Remove(Root);

    /// <summary>Removes what the CLI knows of the conversation, and what it has not been told yet. The process's other files stay.</summary>
    public void DeleteConversation()
    {
        FolderRemoval.Remove(Config);
        if (File.Exists(Exchanges))
        {
            File.Delete(Exchanges);
        }
    }
}
