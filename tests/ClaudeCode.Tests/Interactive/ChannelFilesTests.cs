using System.Text.Json.Nodes;
using FunctionsBroker.ClaudeCode.Interactive;

namespace FunctionsBroker.ClaudeCode.Tests.Interactive;

public sealed class ChannelFilesTests
{
    private static readonly HookAddress s_address = new(new Uri("http://127.0.0.1:8080/hooks/r1/"), "s3cret");

    [Fact]
    public void Settings_OfTheProfile_KeepTheirHooksBesideOurs()
    {
        var settings = ChannelFiles.Settings("""{"model":"m","hooks":{"Stop":[{"hooks":[{"type":"command","command":"true"}]}]}}""", s_address);

        Assert.Equal("m", settings["model"]!.GetValue<string>());
        Assert.Equal("true", settings["hooks"]!["Stop"]![0]!["hooks"]![0]!["command"]!.GetValue<string>());
        var ours = settings["hooks"]!["Stop"]![1]!["hooks"]![0]!;
        Assert.Equal("http://127.0.0.1:8080/hooks/r1/Stop", ours["url"]!.GetValue<string>());
        Assert.Equal("Bearer s3cret", ours["headers"]!["Authorization"]!.GetValue<string>());
        Assert.All(ChannelFiles.HookEvents, name => Assert.NotNull(settings["hooks"]![name]));
    }

    [Fact]
    public void Answers_KnownFile_IsOnlyAddedTo()
    {
        var known = JsonNode.Parse("""{"theme":"light","projects":{"/other":{"hasTrustDialogAccepted":false}},"numStartups":3}""")!.AsObject();

        var answers = ChannelFiles.Answers(known, "/work", "sk-0123456789-0123456789-0123456789");

        Assert.Equal("light", answers["theme"]!.GetValue<string>());
        Assert.Equal(3, answers["numStartups"]!.GetValue<int>());
        Assert.False(answers["projects"]!["/other"]!["hasTrustDialogAccepted"]!.GetValue<bool>());
        Assert.True(answers["projects"]!["/work"]!["hasTrustDialogAccepted"]!.GetValue<bool>());
        Assert.Equal("23456789-0123456789", answers["customApiKeyResponses"]!["approved"]![0]!.GetValue<string>()[1..]);
    }

    [Fact]
    public void Answers_NoKey_ApproveNone()
    {
        Assert.Null(ChannelFiles.Answers([], "/work", apiKey: null)["customApiKeyResponses"]);
    }

    [Fact]
    public void ToString_Address_HidesItsSecret()
    {
        Assert.DoesNotContain("s3cret", s_address.ToString(), StringComparison.Ordinal);
    }
}
