namespace FunctionsBroker.ClaudeCode.Interactive;

/// <summary>The program that connects a process with our MCP server: the server itself lives in the host.</summary>
/// <param name="Command">It speaks over its stdin and stdout.</param>
internal sealed record ChannelAddress(string Command, IReadOnlyList<string> Arguments);
