using System.Text.Json;
using FunctionsBroker.ClaudeCode.Channels;
using FunctionsBroker.TestKit;
using FunctionsBroker.TestKit.Running;

namespace FunctionsBroker.ClaudeCode.Tests.Channels;

/// <summary>The protocol's reference client and its inspector, both published by its authors.</summary>
public sealed class NodeClientTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task The_reference_client_accepts_the_server()
    {
        await using var harness = new ChannelHarness();

        var running = ClientProgram.RunNodeAsync("mcp-channel.mjs", new Dictionary<string, string>
        {
            ["RELAY"] = ChannelSocket.RelayCommand,
            ["RELAY_ARGUMENTS"] = JsonSerializer.Serialize(harness.Socket.RelayArguments),
        });
        Assert.Matches("^connected reference 1.0.0 2025-11-25$", await harness.Listener.NextAsync());
        Assert.Equal("replied t-1: the answer", await harness.Listener.NextAsync());
        Assert.Equal("asked abcde Bash List files {}", await harness.Listener.NextAsync());
        await harness.Server.PushAsync(new ChannelMessage("hello", new Dictionary<string, string> { ["turn_id"] = "t-2" }), Cancelled);
        await harness.Server.DecideAsync("abcde", allow: true, Cancelled);
        var seen = JsonElement.Parse(await running);

        Assert.Equal("functions-broker", seen.GetProperty("server").GetProperty("name").GetString());
        Assert.Equal("""{"claude/channel":{},"claude/channel/permission":{}}""", seen.GetProperty("capabilities").GetProperty("experimental").GetRawText());
        Assert.Equal("reply", Assert.Single(seen.GetProperty("tools").EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal("taken", TextOf(seen.GetProperty("reply")));
        Assert.True(seen.GetProperty("noText").GetProperty("isError").GetBoolean());
        Assert.Equal(-32602, seen.GetProperty("noTool").GetProperty("code").GetInt32());
        Assert.Equal(-32601, seen.GetProperty("noMethod").GetProperty("code").GetInt32());
        Assert.Equal(
            """[{"method":"notifications/claude/channel","params":{"content":"hello","meta":{"turn_id":"t-2"}}},{"method":"notifications/claude/channel/permission","params":{"request_id":"abcde","behavior":"allow"}}]""",
            seen.GetProperty("pushed").GetRawText());
        Assert.Equal("[]", seen.GetProperty("errors").GetRawText());
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData("legacy")]
    [InlineData("auto")]
    public async Task The_inspector_accepts_the_server(string protocolEra)
    {
        await using var harness = new ChannelHarness();

        var tools = await InspectAsync(harness, "--method", "tools/list", "--strict", "--protocol-era", protocolEra);
        var result = await InspectAsync(harness, "--method", "tools/call", "--tool-name", "reply", "--tool-arg", "text=hello", "turn_id=t-9");

        Assert.Equal("reply", Assert.Single(tools.GetProperty("tools").EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal("taken", TextOf(result));
        Assert.Contains("replied t-9: hello", harness.Listener.Rest());
    }

    private static async Task<JsonElement> InspectAsync(ChannelHarness harness, params string[] arguments)
    {
        using var folder = new TempDirectory();
        var configuration = folder.Combine("mcp.json");
        await File.WriteAllTextAsync(
            configuration,
            JsonSerializer.Serialize(new
            {
                mcpServers = new { broker = new { command = ChannelSocket.RelayCommand, args = harness.Socket.RelayArguments } },
            }),
            Cancelled);
        var inspector = RepositoryRoot.Combine("tests", "node_modules", ".bin", "mcp-inspector");
        return JsonElement.Parse(await ClientProgram.RunAsync(
            "node",
            [inspector, "--cli", "--config", configuration, "--server", "broker", .. arguments]));
    }

    private static string? TextOf(JsonElement result) => result.GetProperty("content")[0].GetProperty("text").GetString();
}
