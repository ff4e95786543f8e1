namespace FunctionsBroker.ClaudeCode.Launch;

/// <summary>An MCP server that a conversation may use: either a program or an address.</summary>
public sealed record McpServer
{
    /// <summary>The program, which speaks MCP over its stdin and stdout; null for a server with a <see cref="Url"/>.</summary>
    public string? Command { get; init; }

    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Variables that the program gets.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The address of a server that speaks MCP over HTTP; null for a server with a <see cref="Command"/>.</summary>
    public Uri? Url { get; init; }

    /// <summary>Headers of every request to the address.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();
}
