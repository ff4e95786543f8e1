using System.Text;
using FunctionsBroker.ClaudeCode.Channels;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.ClaudeCode.Tests.Channels;

/// <summary>What a client may send: the session outlives all of it, and nearly all of it the connection too.</summary>
public sealed class HostileClientTests
{
    private const string Valid = """{"jsonrpc":"2.0","id":"x","method":"tools/call","params":{"name":"reply","arguments":{"text":"a","turn_id":"t"}}}""";
    private const int Mutations = 2_000;

    public static TheoryData<string> BadLines =>
    [
        "",
        "   ",
        "hello",
        "\ufeff{}",
        "{",
        "{}",
        "[]",
        "null",
        "42",
        "\"text\"",
        "{\"jsonrpc\":\"2.0\"}",
        "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}",
        "{\"id\":1,\"method\":\"ping\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":7}",
        "{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":99999999999999999999999,\"method\":\"ping\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"ping\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"no/such/method\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":7}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"reply\",\"arguments\":[]}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"reply\",\"arguments\":{\"text\":{}}}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"server/discover\",\"params\":{}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":\"x\"}}",
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/claude/channel/permission_request\"}",
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/claude/channel/permission_request\",\"params\":{\"request_id\":7}}",
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/claude/channel/permission_request\",\"params\":{\"request_id\":null,\"tool_name\":\"Bash\"}}",
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":\"raw-1\"}}",
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}",
        "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]",
        new string('[', 100_000),
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":{\"a\":" + new string('[', 5_000) + new string(']', 5_000) + "}}",
        "\0\u0001\u0002",
    ];

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [MemberData(nameof(BadLines))]
    public async Task Line_ThatIsNoGoodMessage_LeavesTheConnectionUsable(string line)
    {
        await using var harness = new ChannelHarness();
        using var client = new RawClient(await harness.ConnectRawAsync());

        await client.WriteLineAsync(line);
        await client.InitializeAsync();
        await client.WriteLineAsync(line);

        await AssertUsableAsync(harness, client);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Line_OfBytesThatAreNoText_LeavesTheConnectionUsable()
    {
        await using var harness = new ChannelHarness();
        using var client = new RawClient(await harness.ConnectRawAsync());
        await client.InitializeAsync();

        await client.WriteAsync([0xff, 0xfe, 0xc3, 0x28, (byte)'\n']);
        await client.WriteAsync([.. Encoding.UTF8.GetBytes("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\""), 0xc3, 0x28, .. "\"}\n"u8]);

        await AssertUsableAsync(harness, client);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Line_LongerThanIsTaken_IsDroppedAndTheNextIsRead()
    {
        await using var harness = new ChannelHarness();
        using var client = new RawClient(await harness.ConnectRawAsync());
        await client.InitializeAsync();

        await client.WriteAsync(new byte[ChannelStream.MaxLineBytes]);
        await client.WriteLineAsync(Valid);

        await AssertUsableAsync(harness, client);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Line_ThatComesByteByByte_IsOneMessage()
    {
        await using var harness = new ChannelHarness();
        using var client = new RawClient(await harness.ConnectRawAsync());
        await client.InitializeAsync();
        await harness.Listener.NextAsync();

        foreach (var single in Encoding.UTF8.GetBytes(Valid + "\r\n"))
        {
            await client.WriteAsync([single]);
        }

        Assert.Equal("replied t: a", await harness.Listener.NextAsync());
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Line_CutByTheEnd_IsNoMessage()
    {
        await using var harness = new ChannelHarness();
        using (var client = new RawClient(await harness.ConnectRawAsync()))
        {
            await client.InitializeAsync();
            await harness.Listener.NextAsync();
            await client.WriteAsync(Encoding.UTF8.GetBytes(Valid));
        }

        Assert.Equal("disconnected", await harness.Listener.NextAsync());
        Assert.NotNull(await harness.ConnectAsync());
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Handshake_MadeAgain_IsNoSecondEvent()
    {
        await using var harness = new ChannelHarness();
        using var client = new RawClient(await harness.ConnectRawAsync());

        await client.InitializeAsync();
        await client.InitializeAsync();
        await client.RequestAsync("ping");

        Assert.StartsWith("connected", await harness.Listener.NextAsync(), StringComparison.Ordinal);
        Assert.Empty(harness.Listener.Rest());
    }

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [InlineData("2024-11-05")]
    [InlineData("2025-06-18")]
    [InlineData("2026-07-28")]
    [InlineData("")]
    public async Task Handshake_InAnotherRevision_IsAnsweredInOurs(string revision)
    {
        await using var harness = new ChannelHarness();
        using var client = new RawClient(await harness.ConnectRawAsync());

        var answer = await client.RequestAsync(
            "initialize",
            $$$"""{"protocolVersion":"{{{revision}}}","capabilities":{},"clientInfo":{"name":"raw","version":"1"}}""");

        Assert.Equal("2025-11-25", (string?)answer["result"]?["protocolVersion"]);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Messages_SpoiltAtRandom_NeverEndTheSession()
    {
        await using var harness = new ChannelHarness();
        var random = new Random(20260721);
        var client = new RawClient(await harness.ConnectRawAsync());
        var reconnected = 0;
        await client.InitializeAsync();
        for (var index = 0; index < Mutations; index++)
        {
            try
            {
                await client.WriteAsync([.. Spoil(Encoding.UTF8.GetBytes(Valid), random), (byte)'\n']);
                if (index % 50 == 0)
                {
                    await client.RequestAsync("ping");
                }
            }
            catch (IOException)
            {
                client.Dispose();
                client = new RawClient(await harness.ConnectRawAsync());
                await client.InitializeAsync();
                reconnected++;
            }
        }

        await AssertUsableAsync(harness, client);
        Assert.Equal(0, reconnected);
        client.Dispose();
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Client_ThatAsksAndDoesNotRead_CannotHoldThePlace()
    {
        await using var harness = new ChannelHarness();
        using var deaf = new RawClient(await harness.ConnectRawAsync());
        await deaf.InitializeAsync();
        for (var request = 0; request < 5_000; request++)
        {
            await deaf.WriteLineAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/list"}""");
        }

        using var client = new RawClient(await harness.ConnectRawAsync());
        await client.InitializeAsync();

        await AssertUsableAsync(harness, client);
    }

    private static byte[] Spoil(byte[] message, Random random)
    {
        List<byte> spoilt = [.. message];
        for (var times = random.Next(1, 5); times > 0; times--)
        {
            var at = random.Next(spoilt.Count);
            switch (random.Next(4))
            {
                case 0:
                    spoilt[at] = (byte)random.Next(256);
                    break;
                case 1:
                    spoilt.RemoveRange(at, Math.Min(random.Next(1, 8), spoilt.Count - at));
                    break;
                case 2:
                    spoilt.InsertRange(at, spoilt.GetRange(0, random.Next(spoilt.Count)));
                    break;
                default:
                    spoilt.InsertRange(at, "{\"a\":[1,null],"u8.ToArray());
                    break;
            }

            if (spoilt.Count == 0)
            {
                break;
            }
        }

        return [.. spoilt];
    }

    private static async Task AssertUsableAsync(ChannelHarness harness, RawClient client)
    {
        var answer = await client.RequestAsync("tools/call", """{"name":"reply","arguments":{"text":"still here","turn_id":"last"}}""");
        Assert.Equal("taken", (string?)answer["result"]?["content"]?[0]?["text"]);
        await Eventually.BecomesTrueAsync(() => harness.Listener.Rest().Contains("replied last: still here"), TestContext.Current.CancellationToken);
    }
}
