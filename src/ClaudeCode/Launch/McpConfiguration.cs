using System.Text.Json;

namespace FunctionsBroker.ClaudeCode.Launch;

/// <summary>The file in which the CLI is told of its MCP servers. It may hold secrets, so only its owner can read it.</summary>
internal static class McpConfiguration
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes the file anew, or removes what an earlier profile left.</summary>
    public static void Write(string path, IReadOnlyDictionary<string, McpServer> servers)
    {
        File.Delete(path);
        if (servers.Count == 0)
        {
            return;
        }

        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly };
        using var file = new FileStream(path, options);
        using var writer = new Utf8JsonWriter(file);
        writer.WriteStartObject();
        writer.WriteStartObject("mcpServers");
        foreach (var (name, server) in servers)
        {
            writer.WriteStartObject(name);
            Write(writer, server);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, McpServer server)
    {
        if (server.Url is { } url)
        {
            writer.WriteString("type", "http");
            writer.WriteString("url", url.AbsoluteUri);
            WriteMap(writer, "headers", server.Headers);
            return;
        }

        writer.WriteString("command", server.Command);
        writer.WriteStartArray("args");
        foreach (var argument in server.Arguments)
        {
            writer.WriteStringValue(argument);
        }

        writer.WriteEndArray();
        WriteMap(writer, "env", server.Environment);
    }

    private static void WriteMap(Utf8JsonWriter writer, string name, IReadOnlyDictionary<string, string> values)
    {
        writer.WriteStartObject(name);
        foreach (var (key, value) in values)
        {
            writer.WriteString(key, value);
        }

        writer.WriteEndObject();
    }
}

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
