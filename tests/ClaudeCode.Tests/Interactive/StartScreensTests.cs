using FunctionsBroker.ClaudeCode.Interactive;

namespace FunctionsBroker.ClaudeCode.Tests.Interactive;

public sealed class StartScreensTests
{
    private const string Trust =
        """
        Accessing workspace:
        /somewhere
        Quick safety check: Is this a project you created or one you
        trust? (Like your own code, a well-known open source project, or work from your team).
        ❯ 1. No, exit
          2. Yes, I trust this folder
        Enter to confirm · Esc to cancel
        """;

    private const string Channels =
        """
        WARNING: Loading development channels
        --dangerously-load-development-channels is for local channel development only.
        Channels: server:broker
          1. I am using this for local development
        ❯ 2. Exit
        Enter to confirm · Esc to cancel
        """;

    [Theory]
    [InlineData(Trust, '2')]
    [InlineData(Channels, '1')]
    public void FindKey_KnownQuestion_IsTheAcceptingChoiceWhereverItStands(string screen, char key)
    {
        Assert.True(StartScreens.Asks(screen));
        Assert.Equal(key, StartScreens.FindKey(screen));
    }

    [Theory]
    [InlineData("Delete everything?\n❯ 1. Yes\n  2. No", true)]
    [InlineData("Claude Code v2.1.329\n❯ \nmanual mode on", false)]
    [InlineData("❯ 1 apple and 2. pears", false)]
    [InlineData("", false)]
    public void FindKey_AnythingElse_IsNotAnswered(string screen, bool asks)
    {
        Assert.Equal(asks, StartScreens.Asks(screen));
        Assert.Null(StartScreens.FindKey(screen));
    }
}
