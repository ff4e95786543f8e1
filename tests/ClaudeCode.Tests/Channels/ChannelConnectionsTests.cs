using FunctionsBroker.ClaudeCode.Channels;
using FunctionsBroker.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace FunctionsBroker.ClaudeCode.Tests.Channels;

public sealed class ChannelConnectionsTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static ChannelMessage Message => new("hello", new Dictionary<string, string>());

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Client_Goes_AnotherMayCome()
    {
        await using var harness = new ChannelHarness();
        var first = await harness.ConnectAsync(name: "first");
        Assert.StartsWith("connected first", await harness.Listener.NextAsync(), StringComparison.Ordinal);

        await harness.DisconnectAsync(first);

        Assert.Equal("disconnected", await harness.Listener.NextAsync());
        Assert.Null(harness.Server.Client);
        await Assert.ThrowsAsync<IOException>(() => harness.Server.PushAsync(Message, Cancelled));
        var ready = harness.Server.WhenReadyAsync(Cancelled);
        Assert.False(ready.IsCompleted);
        await harness.ConnectAsync(name: "second");
        Assert.Equal("second", (await ready).Name);
        await harness.Server.PushAsync(Message, Cancelled);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Client_WhileAnotherIsReady_TakesItsPlace()
    {
        await using var harness = new ChannelHarness();
        await harness.ConnectAsync(_ => Assert.Fail("It is replaced."), "first");
        await harness.Listener.NextAsync();
        var arrived = new TaskCompletionSource();

        await harness.ConnectAsync(_ => arrived.SetResult(), "second");

        Assert.Equal("disconnected", await harness.Listener.NextAsync());
        Assert.StartsWith("connected second", await harness.Listener.NextAsync(), StringComparison.Ordinal);
        await harness.Server.PushAsync(Message, Cancelled);
        await arrived.Task.WaitAsync(Cancelled);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Client_ThatOnlyConnects_IsNoEvent()
    {
        await using var harness = new ChannelHarness();
        for (var connection = 0; connection < 20; connection++)
        {
            await using var stream = await harness.ConnectRawAsync();
        }

        await harness.ConnectAsync();

        Assert.StartsWith("connected test-client", await harness.Listener.NextAsync(), StringComparison.Ordinal);
        Assert.Empty(harness.Listener.Rest());
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Socket_IsOpenToItsOwnerOnly()
    {
        await using var harness = new ChannelHarness();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(harness.Socket.Path));
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Socket_OfAServerThatWasKilled_IsReplaced()
    {
        await using var harness = new ChannelHarness();
        using var folder = new TempDirectory();
        await File.WriteAllTextAsync(folder.Combine("broker.sock"), "left behind", Cancelled);

        await using var server = ChannelServer.Listen(new ChannelSocket(folder.Path), harness.Listener, TimeProvider.System, NullLogger.Instance);

        Assert.NotEqual("left behind".Length, new FileInfo(folder.Combine("broker.sock")).Length);
    }

    [Fact]
    public void Socket_FolderIsMissing_SaysWhich()
    {
        using var folder = new TempDirectory();
        var missing = folder.Combine("missing");

        var exception = Assert.Throws<IOException>(
            () => ChannelServer.Listen(new ChannelSocket(missing), new RecordingListener(), TimeProvider.System, NullLogger.Instance));

        Assert.Contains(missing, exception.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Server_Closed_RemovesItsSocketAndNoOther()
    {
        await using var other = new ChannelHarness();
        await using var closed = new ChannelHarness();
        var ready = closed.Server.WhenReadyAsync(Cancelled);

        await closed.Server.DisposeAsync();

        Assert.False(File.Exists(closed.Socket.Path));
        Assert.True(File.Exists(other.Socket.Path));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => ready);
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task Server_Closed_TellsThatItsClientIsGone()
    {
        await using var harness = new ChannelHarness();
        await harness.ConnectAsync();
        await harness.Listener.NextAsync();

        await harness.Server.DisposeAsync();

        Assert.Equal(["disconnected"], harness.Listener.Rest());
        await Assert.ThrowsAsync<IOException>(() => harness.Server.PushAsync(Message, Cancelled));
    }
}
