using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using FunctionsBroker.ClaudeCode.Channels;
using FunctionsBroker.TestKit;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace FunctionsBroker.ClaudeCode.Tests.Channels;

public sealed class ChannelServerTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Server_ClientEndsItsHandshake_IsReady()
    {
        await using var harness = new ChannelHarness();
        var ready = harness.Server.WhenReadyAsync(Cancelled);
        Assert.Null(harness.Server.Client);

        await harness.ConnectAsync();

        var expected = new ChannelClient("test-client", "1.2", "2025-11-25");
        Assert.Equal("connected test-client 1.2 2025-11-25", await harness.Listener.NextAsync());
        Assert.Equal(expected, await ready);
        Assert.Equal(expected, harness.Server.Client);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Server_Asked_DeclaresTheChannelAndItsTool()
    {
        await using var harness = new ChannelHarness();

        var client = await harness.ConnectAsync();

        Assert.Equal("2025-11-25", client.NegotiatedProtocolVersion);
        Assert.Equal(["claude/channel", "claude/channel/permission"], client.ServerCapabilities.Experimental!.Keys.Order());
        Assert.Contains("turn_id", client.ServerInstructions, StringComparison.Ordinal);
        var tool = Assert.Single(await client.ListToolsAsync(cancellationToken: Cancelled));
        Assert.Equal("reply", tool.Name);
        Assert.Equal("mcp__broker__reply", ChannelProtocol.ReplyToolRule);
        Assert.Equal(["text", "turn_id"], tool.JsonSchema.GetProperty("properties").EnumerateObject().Select(property => property.Name));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Push_ClientIsReady_ArrivesWithItsMeta()
    {
        await using var harness = new ChannelHarness();
        var notified = Channel.CreateUnbounded<JsonNode>();
        await harness.ConnectAsync(notification => notified.Writer.TryWrite(notification.Params!));
        await harness.Server.WhenReadyAsync(Cancelled);

        var content = "two\nlines, \"quotes\" and \u2028 \ud83d\ude00 </channel>";
        await harness.Server.PushAsync(new ChannelMessage(content, new Dictionary<string, string> { ["turn_id"] = "t-1", ["Sender_2"] = "Ann" }), Cancelled);

        var parameters = await notified.Reader.ReadAsync(Cancelled);
        Assert.Equal(content, (string?)parameters["content"]);
        Assert.Equal("""{"turn_id":"t-1","Sender_2":"Ann"}""", parameters["meta"]!.ToJsonString());
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Push_MegabytesAtOnce_ArriveWhole()
    {
        await using var harness = new ChannelHarness();
        var notified = Channel.CreateUnbounded<string>();
        await harness.ConnectAsync(notification => notified.Writer.TryWrite((string)notification.Params!["content"]!));
        await harness.Server.WhenReadyAsync(Cancelled);

        string[] contents = [.. Enumerable.Range(0, 8).Select(index => new string((char)('a' + index), 1_000_000))];
        await Task.WhenAll(contents.Select(content => harness.Server.PushAsync(Message(content), Cancelled)));

        HashSet<string> arrived = [];
        while (arrived.Count < contents.Length)
        {
            arrived.Add(await notified.Reader.ReadAsync(Cancelled));
        }

        Assert.Equal(contents, arrived.Order(StringComparer.Ordinal));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Push_NobodyIsConnected_Fails()
    {
        await using var harness = new ChannelHarness();

        await Assert.ThrowsAsync<IOException>(() => harness.Server.PushAsync(Message("hello"), Cancelled));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Push_ConnectedButNotReady_Fails()
    {
        await using var harness = new ChannelHarness();
        await using var stream = await harness.ConnectRawAsync();

        await Assert.ThrowsAsync<IOException>(() => harness.Server.PushAsync(Message("hello"), Cancelled));
    }

    [Theory]
    [InlineData("")]
    [InlineData("turn-id")]
    [InlineData("turn id")]
    [InlineData("a=\"b\"")]
    [InlineData("é")]
    public void Message_KeyThatTheCliWouldDrop_IsRefused(string key)
    {
        var exception = Assert.Throws<ArgumentException>(() => new ChannelMessage("hello", new Dictionary<string, string> { [key] = "x" }));

        Assert.Contains($"'{key}'", exception.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Reply_WithItsTurn_IsTakenAndAnswered()
    {
        await using var harness = new ChannelHarness();
        var client = await harness.ConnectAsync();
        await harness.Listener.NextAsync();

        var result = await CallAsync(client, new() { ["text"] = "the answer", ["turn_id"] = "t-1" });

        Assert.Equal("replied t-1: the answer", await harness.Listener.NextAsync());
        Assert.Equal("taken", Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text);
        Assert.False(result.IsError);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Reply_WithoutATurn_IsTaken()
    {
        await using var harness = new ChannelHarness();
        var client = await harness.ConnectAsync();
        await harness.Listener.NextAsync();

        await CallAsync(client, new() { ["text"] = "the answer" });
        await CallAsync(client, new() { ["text"] = "and one more", ["turn_id"] = 7 });

        Assert.Equal("replied -: the answer", await harness.Listener.NextAsync());
        Assert.Equal("replied -: and one more", await harness.Listener.NextAsync());
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Reply_WithoutAText_IsAnErrorThatTheModelReads()
    {
        await using var harness = new ChannelHarness();
        var client = await harness.ConnectAsync();
        await harness.Listener.NextAsync();

        var result = await CallAsync(client, new() { ["turn_id"] = "t-1" });

        Assert.True(result.IsError);
        Assert.Contains("'text'", Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text, StringComparison.Ordinal);
        Assert.Empty(harness.Listener.Rest());
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Tool_ThatIsNotThere_IsAProtocolError()
    {
        await using var harness = new ChannelHarness();
        var client = await harness.ConnectAsync();

        await Assert.ThrowsAnyAsync<McpException>(async () => await client.CallToolAsync("shell", cancellationToken: Cancelled));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Reply_ListenerFails_LeavesTheConnectionUsable()
    {
        await using var harness = new ChannelHarness();
        var client = await harness.ConnectAsync();
        harness.Listener.Answer = () => throw new InvalidOperationException("secret");

        var failed = await CallAsync(client, new() { ["text"] = "first" });
        harness.Listener.Answer = () => "taken";
        var taken = await CallAsync(client, new() { ["text"] = "second" });

        Assert.True(failed.IsError);
        Assert.DoesNotContain("secret", JsonSerializer.Serialize(failed.Content, McpJsonUtilities.DefaultOptions), StringComparison.Ordinal);
        Assert.False(taken.IsError);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Replies_AllAtOnce_AreToldOneByOne()
    {
        await using var harness = new ChannelHarness();
        var client = await harness.ConnectAsync();
        await harness.Listener.NextAsync();

        await Task.WhenAll(Enumerable.Range(0, 200).Select(index => CallAsync(client, new() { ["text"] = $"{index}" })));

        Assert.Equal(200, harness.Listener.Rest().Distinct().Count());
        Assert.False(harness.Listener.Overlapped);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Permission_Asked_IsToldAndAnswered()
    {
        await using var harness = new ChannelHarness();
        var notified = Channel.CreateUnbounded<string>();
        var client = await harness.ConnectAsync(notification => notified.Writer.TryWrite(notification.Params!.ToJsonString()));
        await harness.Listener.NextAsync();

        await client.SendNotificationAsync(
            "notifications/claude/channel/permission_request",
            JsonNode.Parse("""{"request_id":"abcde","tool_name":"Bash","description":"List files","input_preview":"{\"command\":\"ls\"}"}"""),
            cancellationToken: Cancelled);

        Assert.Equal("""asked abcde Bash List files {"command":"ls"}""", await harness.Listener.NextAsync());
        await harness.Server.DecideAsync("abcde", allow: true, Cancelled);
        Assert.Equal("""{"request_id":"abcde","behavior":"allow"}""", await notified.Reader.ReadAsync(Cancelled));
        await harness.Server.DecideAsync("abcde", allow: false, Cancelled);
        Assert.Equal("""{"request_id":"abcde","behavior":"deny"}""", await notified.Reader.ReadAsync(Cancelled));
    }

    private static ChannelMessage Message(string content) => new(content, new Dictionary<string, string> { ["turn_id"] = "t-1" });

    private static Task<CallToolResult> CallAsync(McpClient client, Dictionary<string, object?> arguments) =>
        client.CallToolAsync("reply", arguments, cancellationToken: Cancelled).AsTask();
}
