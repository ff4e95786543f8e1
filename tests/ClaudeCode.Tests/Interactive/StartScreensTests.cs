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
        ❯ No, exit
          Yes, I trust this folder
        Enter to confirm · Esc to cancel
        """;

    private const string ApiKey =
        """
        Detected a custom API key in your environment
        Do you want to use this API key?
          Yes
        ❯ No (recommended)
        Enter to confirm · Esc to cancel
        """;

    private const string Channels =
        """
        WARNING: Loading development channels
        Channels: server:broker
          1. I am using this for local development
        ❯ 2. Exit
        Enter to confirm · Esc to cancel
        """;

    private const string Tool =
        """
        Do you want to proceed?
        ❯ 1. Yes
          2. Yes, and always allow access to work/ from this project
          3. No
        Esc to cancel · Tab to amend
        """;

    private const string Working =
        """
        Claude Code v2.1.329
        ❯ Enter to confirm is what I read
        ● Press Esc to cancel, then.
        ────────────
        ❯
        ────────────
          ⏸ manual mode on · ? for shortcuts
        """;

    [Theory]
    [InlineData(Trust, StartKey.Down)]
    [InlineData(ApiKey, StartKey.Up)]
    [InlineData(Channels, StartKey.Up)]
    public void FindKey_KnownQuestion_MovesToTheAcceptingChoiceAndThenTakesIt(string screen, StartKey key)
    {
        Assert.True(StartScreens.Asks(screen));
        Assert.Equal(key, StartScreens.FindKey(screen));
        Assert.Equal(StartKey.Enter, StartScreens.FindKey(MovePointer(screen)));
    }

    [Theory]
    [InlineData(Tool, true)]
    [InlineData("Delete everything?\n❯ 1. Yes\n  2. No", true)]
    [InlineData(Working, false)]
    [InlineData("❯ 1 apple and 2. pears", false)]
    [InlineData("", false)]
    public void FindKey_AnythingElse_IsNotAnswered(string screen, bool asks)
    {
        Assert.Equal(asks, StartScreens.Asks(screen));
        Assert.Null(StartScreens.FindKey(screen));
    }

    private static string MovePointer(string screen)
    {
        var rows = screen.Split('\n');
        var pointed = Array.FindIndex(rows, row => row.StartsWith('❯'));
        var other = rows[pointed + 1].StartsWith("  ", StringComparison.Ordinal) ? pointed + 1 : pointed - 1;
        (rows[pointed], rows[other]) = ($"  {rows[pointed][2..]}", $"❯ {rows[other][2..]}");
        return string.Join('\n', rows);
    }
}
