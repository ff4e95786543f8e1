using FunctionsBroker.ClaudeCode.Launch;

namespace FunctionsBroker.ClaudeCode.Tests.Launch;

public sealed class ClaudeArgumentsTests
{
    private static readonly Guid s_id = Guid.NewGuid();

    [Fact]
    public void For_EmptyProfile_HasTheProtocolAndNoSettingsOfTheFolder()
    {
        Assert.Equal(
            [
                "-p", "--input-format", "stream-json", "--output-format", "stream-json", "--verbose", "--include-partial-messages",
                "--strict-mcp-config", "--setting-sources", "", "--session-id", s_id.ToString("D"),
            ],
            ClaudeArguments.For(new ClaudeProfile(), s_id, resume: false));
    }

    [Fact]
    public void For_FullProfile_PassesEveryValueAsAnArgumentOfItsOwn()
    {
        var profile = new ClaudeProfile
        {
            Model = "m",
            SystemPrompt = "--model x",
            AppendSystemPrompt = "a \"quoted\" text\\",
            Tools = "",
            AllowedTools = ["Read", "Bash(git log:*)"],
            DisallowedTools = ["Write"],
            PermissionMode = "dontAsk",
        };

        Assert.Equal(
            [
                "--model", "m", "--system-prompt", "--model x", "--append-system-prompt", "a \"quoted\" text\\", "--tools", "",
                "--allowedTools", "Read", "Bash(git log:*)", "--disallowedTools", "Write", "--permission-mode", "dontAsk",
                "--resume", s_id.ToString("D"),
            ],
            ClaudeArguments.For(profile, s_id, resume: true).Skip(10));
    }
}
