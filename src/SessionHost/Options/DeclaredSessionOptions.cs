namespace FunctionsBroker.SessionHost.Options;

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
