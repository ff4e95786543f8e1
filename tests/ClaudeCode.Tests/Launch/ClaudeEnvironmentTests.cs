using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.ClaudeCode.Tests.Launch;

public sealed class ClaudeEnvironmentTests
{
    private static readonly SessionFolders s_folders = new("/own", RouteId.NewRouteId());
    private static readonly Dictionary<string, string> s_none = [];

    [Theory]
    [InlineData("PATH")]
    [InlineData("ANTHROPIC_API_KEY")]
    [InlineData("CLAUDE_CODE_MAX_OUTPUT_TOKENS")]
    [InlineData("NODE_EXTRA_CA_CERTS")]
    [InlineData("https_proxy")]
    public void For_VariableOnTheList_IsPassedOn(string name)
    {
        Assert.Equal("value", For((name, "value"))[name]);
    }

    [Theory]
    [InlineData("AzureWebJobsStorage")]
    [InlineData("Host__CallbackKey")]
    [InlineData("Host__HostKey")]
    [InlineData("AWS_SECRET_ACCESS_KEY")]
    [InlineData("GOOGLE_APPLICATION_CREDENTIALS")]
    [InlineData("IS_SANDBOX")]
    [InlineData("CLAUDE_CODE_BUBBLEWRAP")]
    [InlineData("CLAUDE_CODE_FORCE_SANDBOX")]
    [InlineData("CLAUDE_CODE_SSE_PORT")]
    [InlineData("CLAUDECODE")]
    [InlineData("LD_PRELOAD")]
    [InlineData("NODE_OPTIONS")]
    public void For_AnythingElse_IsNotPassedOn(string name)
    {
        Assert.DoesNotContain(name, For((name, "value")).Keys);
    }

    [Theory]
    [InlineData("CLAUDE_CODE_USE_BEDROCK", "AWS_REGION", "GOOGLE_CLOUD_PROJECT")]
    [InlineData("CLAUDE_CODE_USE_VERTEX", "GOOGLE_CLOUD_PROJECT", "AWS_REGION")]
    public void For_CloudThatIsSwitchedOn_GetsItsCredentialsAndNotTheOthers(string cloud, string its, string other)
    {
        var environment = For((cloud, "1"), (its, "a"), (other, "b"));

        Assert.Equal("a", environment[its]);
        Assert.DoesNotContain(other, environment.Keys);
        Assert.DoesNotContain(its, For((cloud, "0"), (its, "a")).Keys);
    }

    [Fact]
    public void For_Session_HasFoldersOfItsOwnWhateverTheHostHas()
    {
        var environment = For(("HOME", "/root"), ("CLAUDE_CONFIG_DIR", "/root/.claude"), ("CLAUDE_CODE_PROJECT_DIR_NAME", "x"), ("TMPDIR", "/x"));

        Assert.Equal(s_folders.Home, environment["HOME"]);
        Assert.Equal(s_folders.Config, environment["CLAUDE_CONFIG_DIR"]);
        Assert.Equal(s_folders.Temporary, environment["TMPDIR"]);
        Assert.Equal("session", environment["CLAUDE_CODE_PROJECT_DIR_NAME"]);
    }

    [Theory]
    [InlineData("DISABLE_AUTOUPDATER")]
    [InlineData("CLAUDE_CODE_DISABLE_FILE_MENTIONS")]
    [InlineData("CLAUDE_CODE_DISABLE_CRON")]
    [InlineData("CLAUDE_CODE_DISABLE_BACKGROUND_TASKS")]
    public void For_SwitchThatKeepsPromptsAndTurnsWhole_IsNobodysToChange(string name)
    {
        Assert.Equal("1", For((name, "0"))[name]);
        Assert.Equal("1", ClaudeEnvironment.For(s_folders, s_none, new Dictionary<string, string> { [name] = "0" })[name]);
        Assert.NotNull(ClaudeVariables.WhyRefused(name));
    }

    [Theory]
    [InlineData("CLAUDE_CODE_DISABLE_CRON")]
    [InlineData("CLAUDE_CODE_DISABLE_BACKGROUND_TASKS")]
    public void For_ProfileThatWorksOnBetweenTurns_HasNothingThatKeepsItFromThat(string name)
    {
        Assert.DoesNotContain(name, ClaudeEnvironment.For(s_folders, s_none, s_none, background: true).Keys);
    }

    [Fact]
    public void For_Retries_AreFewUnlessTheOperatorSaysOtherwise()
    {
        Assert.Equal("1", For()["CLAUDE_CODE_MAX_RETRIES"]);
        Assert.Equal("7", For(("CLAUDE_CODE_MAX_RETRIES", "7"))["CLAUDE_CODE_MAX_RETRIES"]);
        Assert.Equal("1", For(("CLAUDE_CODE_MAX_RETRIES", "0"))["CLAUDE_CODE_MAX_RETRIES"]);
    }

    [Theory]
    [InlineData("CLAUDE_BYTE_STREAM_IDLE_TIMEOUT_MS", "60000")]
    [InlineData("API_TIMEOUT_MS", "300000")]
    public void For_DeadlinesOfTheCli_AreShortUnlessTheOperatorSaysOtherwise(string name, string value)
    {
        Assert.Equal(value, For()[name]);
        Assert.Equal("12345", For((name, "12345"))[name]);
    }

    [Fact]
    public void For_VariablesOfTheProfile_AreAddedButChangeNothingOfTheBrokersOwn()
    {
        Dictionary<string, string> extra = new() { ["NODE_OPTIONS"] = "--max-old-space-size=2048", ["HOME"] = "/root" };

        var environment = ClaudeEnvironment.For(s_folders, s_none, extra);

        Assert.Equal("--max-old-space-size=2048", environment["NODE_OPTIONS"]);
        Assert.Equal(s_folders.Home, environment["HOME"]);
    }

    private static IReadOnlyDictionary<string, string> For(params (string Name, string Value)[] host) =>
        ClaudeEnvironment.For(s_folders, host.ToDictionary(variable => variable.Name, variable => variable.Value, StringComparer.Ordinal), s_none);
}
