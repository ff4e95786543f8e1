using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.SessionHost.Configuration;
using FunctionsBroker.SessionHost.Lifetime;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.SessionHost.Tests.Lifetime;

/// <summary>What an operator is told that a chat room reaches under each profile.</summary>
public sealed class ProfileReachTests : IDisposable
{
    private const string Unheld = "neither a sandbox nor a user of its own holds a session: what its tools may read is up to the CLI's rules";

    private readonly TempDirectory _folder = new();

    [Fact]
    public void Of_ProfileAsItComes_ReachesNothing()
    {
        Assert.Equal(new ProfileReach(false, "no tools"), ProfileReach.Of(new ClaudeProfile(), hasUsers: false));
    }

    [Theory]
    [InlineData(SandboxMode.None, false, true, Unheld)]
    [InlineData(SandboxMode.None, true, false, "each session as a user of its own")]
    [InlineData(SandboxMode.Bubblewrap, false, false, "in a sandbox")]
    [InlineData(SandboxMode.Bubblewrap, true, false, "in a sandbox")]
    public void Of_ProfileWithTools_IsOpenUnlessASandboxOrAUserHoldsThem(SandboxMode sandbox, bool hasUsers, bool isOpen, string held)
    {
        var reach = ProfileReach.Of(new ClaudeProfile { Tools = "Read,Bash", Sandbox = sandbox }, hasUsers);

        Assert.Equal(new ProfileReach(isOpen, $"the tools Read,Bash; what no rule allows is refused; {held}"), reach);
    }

    [Theory]
    [InlineData(null, PermissionHandling.Deny, "what no rule allows is refused")]
    [InlineData(null, PermissionHandling.Relay, "what no rule allows is asked")]
    [InlineData("bypassPermissions", PermissionHandling.Relay, "everything is allowed")]
    [InlineData("bypassPermissions", PermissionHandling.Deny, "everything is allowed")]
    public void Of_ProfileWithTools_SaysWhatRunsUnasked(string? mode, PermissionHandling permissions, string said)
    {
        var reach = ProfileReach.Of(new ClaudeProfile { Tools = ClaudeProfile.AllTools, PermissionMode = mode, Permissions = permissions }, hasUsers: false);

        Assert.Equal($"the CLI's tools; {said}; {Unheld}", reach.Text);
    }

    [Fact]
    public void Of_ProfileWithoutToolsOfTheCli_NamesWhatElseItReaches()
    {
        var profile = new ClaudeProfile
        {
            McpServers = new Dictionary<string, McpServer> { ["files"] = new() { Command = "files" }, ["tickets"] = new() { Command = "tickets" } },
            Commands = true,
            Mentions = true,
            Background = true,
        };

        Assert.Equal(
            new ProfileReach(false, "no tools; the MCP servers files, tickets; the CLI's commands; the files of the working folder that a prompt mentions; work that goes on between turns"),
            ProfileReach.Of(profile, hasUsers: false));
    }

    [Fact]
    public async Task CheckProfiles_SettingsOfAHost_TellsWhichProfilesAreOpen()
    {
        var without = await CheckAsync("--Host:Profiles:boxed:Tools=Bash", "--Host:Profiles:boxed:Sandbox=bubblewrap");
        var with = await CheckAsync("--Host:SessionUids=20000-20099");

        Assert.Equal(
            ["held boxed: the tools Bash; what no rule allows is refused; in a sandbox", $"open coder: the CLI's tools; what no rule allows is asked; {Unheld}", "held default: no tools"],
            without);
        Assert.Equal(["held coder: the CLI's tools; what no rule allows is asked; each session as a user of its own", "held default: no tools"], with);
    }

    [Fact]
    public async Task CheckProfiles_ConfigurationFile_IsReadAsAHostReadsIt()
    {
        var file = _folder.Combine("broker.yaml");
        await File.WriteAllTextAsync(file, "profiles: {room: {tools: Read}}", TestContext.Current.CancellationToken);

        var lines = await CheckAsync("--config", file);

        Assert.Contains($"open room: the tools Read; what no rule allows is refused; {Unheld}", lines);
        await Assert.ThrowsAsync<InvalidConfigurationException>(() => CheckAsync("--config", _folder.Combine("none.yaml")));
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<string[]> CheckAsync(params string[] settings)
    {
        await using var output = new StringWriter { NewLine = "\n" };
        string[] args = ["check-profiles", .. settings];
        Assert.True(ProfileCheckCommand.IsIn(args));
        await ProfileCheckCommand.RunAsync(args, output);
        return output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
