using System.Text.Json.Nodes;
using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.ClaudeCode.Tests.Launch;

[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class McpConfigurationTests : IDisposable
{
    private readonly TempDirectory _folder = new();

    private string File => _folder.Combine("mcp-config.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_ProgramAndAddress_AreInTheFormOfTheCliAndOpenToTheOwnerOnly()
    {
        McpConfiguration.Write(File, new Dictionary<string, McpServer>
        {
            ["notes"] = new() { Command = "notes", Arguments = ["--all"], Environment = new Dictionary<string, string> { ["KEY"] = "v" } },
            ["search"] = new() { Url = new Uri("https://search.example/mcp"), Headers = new Dictionary<string, string> { ["Authorization"] = "Bearer x" } },
        });

        var expected = JsonNode.Parse(
            """
            {"mcpServers": {
              "notes": {"command": "notes", "args": ["--all"], "env": {"KEY": "v"}},
              "search": {"type": "http", "url": "https://search.example/mcp", "headers": {"Authorization": "Bearer x"}}}}
            """);
        Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(System.IO.File.ReadAllText(File))));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
    }

    [Fact]
    public void Write_NoServers_RemovesTheFile()
    {
        McpConfiguration.Write(File, new Dictionary<string, McpServer> { ["notes"] = new() { Command = "notes" } });

        McpConfiguration.Write(File, new Dictionary<string, McpServer>());

        Assert.False(System.IO.File.Exists(File));
    }
}
