using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.ClaudeCode.Tests.Launch;

public sealed class ClaudeArgumentsTests
{
    private static readonly Guid s_id = Guid.NewGuid();
    private static readonly SessionFolders s_folders = new("/own", RouteId.NewRouteId());

    [Fact]
    public void For_EmptyProfile_HasTheProtocolNoToolsAndNoSettingsOfTheFolder()
    {
        Assert.Equal(
            [
                "-p", "--input-format", "stream-json", "--output-format", "stream-json", "--verbose", "--include-partial-messages",
                "--strict-mcp-config", "--setting-sources", "", "--tools", "", "--disallowedTools", "ScheduleWakeup", "Workflow", "Monitor", "--session-id", s_id.ToString("D"),
            ],
            ClaudeArguments.For(new ClaudeProfile(), s_folders, s_id, resume: false));
    }

    [Fact]
    public void For_RelayedPermissions_HasTheCliAskOnItsOutput()
    {
        var arguments = ClaudeArguments.For(new ClaudeProfile { Permissions = PermissionHandling.Relay }, s_folders, s_id, resume: false);

        Assert.Equal(["--permission-prompt-tool", "stdio"], arguments.SkipWhile(argument => argument != "--permission-prompt-tool").Take(2));
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
            FallbackModel = "n",
            Settings = "{}",
            MaxBudgetUsd = 1.5m,
            MaxTurns = 7,
            McpServers = new Dictionary<string, McpServer> { ["notes"] = new() { Command = "notes" } },
            McpConfigFiles = ["/etc/mcp.json"],
            ExtraArguments = ["--effort", "low"],
        };

        Assert.Equal(
            [
                "--mcp-config", s_folders.McpConfig, "/etc/mcp.json", "--settings", "{}",
                "--model", "m", "--fallback-model", "n", "--system-prompt", "--model x", "--append-system-prompt", "a \"quoted\" text\\", "--tools", "",
                "--allowedTools", "Read", "Bash(git log:*)", "--disallowedTools", "Write", "ScheduleWakeup", "Workflow", "Monitor", "--permission-mode", "dontAsk",
                "--max-budget-usd", "1.5", "--max-turns", "7", "--effort", "low",
                "--resume", s_id.ToString("D"),
            ],
            ClaudeArguments.For(profile, s_folders, s_id, resume: true).Skip(10));
    }
}
