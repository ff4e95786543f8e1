using FunctionsBroker.ClaudeCode.Channels;
using FunctionsBroker.TestKit;
using ModelContextProtocol.Client;

namespace FunctionsBroker.ClaudeCode.Tests.Channels;

/// <summary>The relay that the CLI starts, run by the SDK's client in the CLI's place.</summary>
public sealed class ChannelRelayTests
{
    private static readonly string s_long = Path.Combine(new string('a', 120), new string('b', 120));

    public static TheoryData<string> Folders => ["home", s_long, "a, b: c = \"d\" 'e' (f) !g $HOME `h` é -i"];

    [Theory(Timeout = TestTimeouts.DefaultMilliseconds)]
    [MemberData(nameof(Folders))]
    public async Task Relay_WhateverTheFolderIsCalled_ReachesTheServer(string folder)
    {
        await using var harness = new ChannelHarness(folder);
        var relay = new StdioClientTransport(new StdioClientTransportOptions
        {
            Command = ChannelSocket.RelayCommand,
            Arguments = [.. harness.Socket.RelayArguments],
            Name = "relay",
        });

        await using (var client = await McpClient.CreateAsync(relay, cancellationToken: TestContext.Current.CancellationToken))
        {
            Assert.Equal("reply", Assert.Single(await client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken)).Name);
            Assert.StartsWith("connected", await harness.Listener.NextAsync(), StringComparison.Ordinal);
        }

        Assert.Equal("disconnected", await harness.Listener.NextAsync());
    }
}
