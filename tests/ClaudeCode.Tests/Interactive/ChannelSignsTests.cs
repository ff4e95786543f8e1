using FunctionsBroker.ClaudeCode.Interactive;

namespace FunctionsBroker.ClaudeCode.Tests.Interactive;

/// <summary>On lines as they were recorded or published.</summary>
public sealed class ChannelSignsTests
{
    [Theory]
    [InlineData("2026-11-21T16:00:00.000Z [DEBUG] MCP server \"broker\": Channel notifications skipped: channels feature is not currently available", ChannelRefusal.FeatureOff, "channels feature is not currently available")]
    [InlineData("▎--dangerously-load-development-channels ignored (server:broker)\n▎Channels are not currently available", ChannelRefusal.FeatureOff, "Channels are not currently available")]
    [InlineData("▎--dangerously-load-development-channels ignored (server:broker)", ChannelRefusal.FlagRefused, "--dangerously-load-development-channels ignored (server:broker)")]
    [InlineData("[DEBUG] MCP server \"broker\": Channel notifications skipped: server broker not in --channels list for this session", ChannelRefusal.FlagRefused, "server broker not in --channels list for this session")]
    [InlineData("Channel notifications skipped: plugin a@b is not on the approved channels allowlist", ChannelRefusal.FlagRefused, "plugin a@b is not on the approved channels allowlist")]
    [InlineData("Channel notifications skipped: channels not enabled by org policy (set channelsEnabled: true in managed settings)", ChannelRefusal.OrganisationPolicy, "channels not enabled by org policy (set channelsEnabled: true in managed settings)")]
    [InlineData("--dangerously-load-development-channels blocked by org policy (server:broker)", ChannelRefusal.OrganisationPolicy, "--dangerously-load-development-channels blocked by org policy (server:broker)")]
    [InlineData("Channels require claude.ai authentication · run /login", ChannelRefusal.Provider, "Channels require claude.ai authentication · run /login")]
    [InlineData("[DEBUG] MCP server \"broker\": Channel notifications skipped: connection negotiated a modern protocol revision with no unsolicited notification path", ChannelRefusal.ProtocolEra, "connection negotiated a modern protocol revision with no unsolicited notification path")]
    [InlineData("Channel notifications skipped: server did not declare claude/channel capability", ChannelRefusal.NotDeclared, "server did not declare claude/channel capability")]
    [InlineData("[DEBUG] MCP server \"broker\": Channel notifications skipped: the moon is full", ChannelRefusal.Other, "the moon is full")]
    public void Read_Refusal_IsItsKindWithTheVendorsWords(string lines, ChannelRefusal reason, string text)
    {
        Assert.Equal(new ChannelAvailability.Unavailable(reason, text), ChannelSigns.Read(["something else", .. lines.Split('\n')], "broker"));
    }

    [Theory]
    [InlineData("[DEBUG] MCP server \"broker\": Channel notifications registered")]
    [InlineData("Listening for channel messages from: server:broker")]
    public void Read_Registration_IsConfirmed(string line)
    {
        Assert.Equal(new ChannelAvailability.Available(Confirmed: true), ChannelSigns.Read([line], "broker"));
    }

    [Theory]
    [InlineData("[DEBUG] MCP server \"other\": Channel notifications skipped: channels feature is not currently available")]
    [InlineData("[DEBUG] MCP server \"broker-2\": Channel notifications registered")]
    [InlineData("[DEBUG] MCP server \"broker\": Successfully connected (transport: stdio) in 21ms")]
    [InlineData("")]
    public void Read_NothingOfOurServer_SaysNothing(string line)
    {
        Assert.Null(ChannelSigns.Read([line], "broker"));
    }
}
