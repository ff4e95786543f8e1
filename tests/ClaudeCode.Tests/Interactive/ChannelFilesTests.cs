using System.Text.Json.Nodes;
using FunctionsBroker.ClaudeCode.Interactive;

namespace FunctionsBroker.ClaudeCode.Tests.Interactive;

public sealed class ChannelFilesTests
{
    private static readonly InteractiveLaunch s_terms = new()
    {
        Hooks = new HookAddress(new Uri("http://127.0.0.1:8080/hooks/r1/"), "s3cret"),
        Channel = new ChannelAddress("socat", []),
        PermissionTimeout = TimeSpan.FromMinutes(3),
    };

    [Fact]
    public void Settings_OfTheProfile_KeepTheirHooksBesideOurs()
    {
        var settings = ChannelFiles.Settings("""{"model":"m","hooks":{"Stop":[{"hooks":[{"type":"command","command":"true"}]}]}}""", s_terms);

        Assert.Equal("m", settings["model"]!.GetValue<string>());
        Assert.Equal("true", settings["hooks"]!["Stop"]![0]!["hooks"]![0]!["command"]!.GetValue<string>());
        var ours = settings["hooks"]!["Stop"]![1]!["hooks"]![0]!;
        Assert.Equal("http://127.0.0.1:8080/hooks/r1/Stop", ours["url"]!.GetValue<string>());
        Assert.Equal("Bearer s3cret", ours["headers"]!["Authorization"]!.GetValue<string>());
        Assert.All(ChannelFiles.HookEvents, name => Assert.NotNull(settings["hooks"]![name]));
    }

    [Fact]
    public void Settings_AToolsQuestion_MayBeWaitedForAsLongAsTheProfileSays()
    {
        var settings = ChannelFiles.Settings(null, s_terms);

        Assert.InRange(settings["hooks"]!["PermissionRequest"]![0]!["hooks"]![0]!["timeout"]!.GetValue<int>(), 181, 200);
        Assert.InRange(settings["hooks"]!["Stop"]![0]!["hooks"]![0]!["timeout"]!.GetValue<int>(), 1, 10);
    }

    [Theory]
    [InlineData("http://localhost:8080/hooks/chat-1/complete", true)]
    [InlineData("http://localhost:9999/hooks/chat-1/complete", false)]
    [InlineData("https://elsewhere.example/done", false)]
    public void Settings_AnAddressThatTheOperatorNames_HearsOfTheEndTooAndOfTheSecretOnlyIfItIsThisHost(string url, bool isOurs)
    {
        var hooks = ChannelFiles.Settings(null, s_terms with { StopHookUrl = new Uri(url) })["hooks"]!;

        var also = hooks["Stop"]![0]!["hooks"]![1]!;
        Assert.Equal(url, also["url"]!.GetValue<string>());
        Assert.Equal(isOurs ? "Bearer s3cret" : null, also["headers"]?["Authorization"]?.GetValue<string>());
        Assert.Single(hooks["UserPromptSubmit"]![0]!["hooks"]!.AsArray());
    }

    [Fact]
    public void Answers_KnownFile_IsOnlyAddedTo()
    {
        var known = JsonNode.Parse("""{"theme":"light","projects":{"/other":{"hasTrustDialogAccepted":false}},"numStartups":3}""")!.AsObject();

        var answers = ChannelFiles.Answers(known, "/own/folder", "sk-0123456789-0123456789-0123456789");

        Assert.Equal("light", answers["theme"]!.GetValue<string>());
        Assert.Equal(3, answers["numStartups"]!.GetValue<int>());
        Assert.False(answers["projects"]!["/other"]!["hasTrustDialogAccepted"]!.GetValue<bool>());
        Assert.True(answers["projects"]!["/own/folder"]!["hasTrustDialogAccepted"]!.GetValue<bool>());
        Assert.Equal("23456789-0123456789", answers["customApiKeyResponses"]!["approved"]![0]!.GetValue<string>()[1..]);
    }

    [Fact]
    public void Answers_NoKey_ApproveNone()
    {
        Assert.Null(ChannelFiles.Answers([], "/own/folder", apiKey: null)["customApiKeyResponses"]);
    }

    [Fact]
    public void ToString_Address_HidesItsSecret()
    {
        Assert.DoesNotContain("s3cret", s_terms.ToString(), StringComparison.Ordinal);
    }
}
