using FunctionsBroker.ClaudeCode.Launch;

namespace FunctionsBroker.SessionHost.Options;

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
