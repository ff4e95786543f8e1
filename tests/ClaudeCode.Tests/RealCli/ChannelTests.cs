using FunctionsBroker.ClaudeCode.Channels;
using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.ClaudeCode.Tests.Channels;
using FunctionsBroker.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace FunctionsBroker.ClaudeCode.Tests.RealCli;

/// <summary>The real CLI as a client of a channel's server, through the relay.</summary>
[Trait("Category", "EndToEnd")]
public sealed class ChannelTests
{
    private const string Prompt = "call tool " + ChannelProtocol.ReplyToolRule + """ {"text":"the answer","turn_id":"t-1"}""";

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task The_cli_lists_and_calls_the_reply_tool() => await AssertRepliesAsync(_ => { });

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task The_cli_reaches_the_server_from_its_sandbox() =>
        await AssertRepliesAsync(conversation => conversation.Profile = conversation.Profile with { Sandbox = SandboxMode.Bubblewrap });

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task The_cli_reaches_the_server_as_a_user_of_its_own() =>
        await AssertRepliesAsync(conversation =>
        {
            conversation.Users = new SessionUsers(64_100, 64_101);
            LetPass(conversation.Folders.Root);
            LetPass(conversation.Folders.Home);
        });

    // What the host does for its own folders.
    private static void LetPass(string path)
    {
        for (var folder = Directory.GetParent(path); folder is not null; folder = folder.Parent)
        {
            if (!folder.UnixFileMode.HasFlag(UnixFileMode.OtherExecute))
            {
                folder.UnixFileMode |= UnixFileMode.OtherExecute;
            }
        }
    }

    private static async Task AssertRepliesAsync(Action<RealConversation> change)
    {
        await using var conversation = await RealConversation.BeginAsync();
        conversation.Folders.Create();
        var socket = new ChannelSocket(conversation.Folders.Home);
        var listener = new RecordingListener();
        await using var server = ChannelServer.Listen(socket, listener, TimeProvider.System, NullLogger.Instance);
        conversation.Profile = new ClaudeProfile
        {
            Tools = "",
            SystemPrompt = "Answer.",
            AllowedTools = [ChannelProtocol.ReplyToolRule],
            McpServers = new Dictionary<string, McpServer>
            {
                [ChannelProtocol.ServerName] = new() { Command = ChannelSocket.RelayCommand, Arguments = socket.RelayArguments },
            },
        };
        change(conversation);

        var process = await conversation.StartAsync();
        var answer = await conversation.AskForTextAsync(process, "t1", Prompt);

        Assert.Matches("^connected claude-code [0-9.]+ 2025-11-25$", await listener.NextAsync());
        Assert.Equal("replied t-1: the answer", await listener.NextAsync());
        Assert.Contains($"tool {ChannelProtocol.ReplyToolRule} said: taken", answer, StringComparison.Ordinal);
        await process.DisposeAsync();
        Assert.Equal("disconnected", await listener.NextAsync());
    }
}
