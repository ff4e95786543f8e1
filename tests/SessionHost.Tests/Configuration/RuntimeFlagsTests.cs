using FunctionsBroker.SessionHost.Configuration;

namespace FunctionsBroker.SessionHost.Tests.Configuration;

public sealed class RuntimeFlagsTests
{
    [Fact]
    public void Sort_WhatTheBrokerDoesNotSet_IsPassedOnWithItsValues()
    {
        var flags = new RuntimeFlags(["--effort", "low", "--add-dir", "/a", "/b", "--debug-file={{id}}.log"]);

        Assert.Equal(["--effort", "low", "--add-dir", "/a", "/b", "--debug-file={{id}}.log"], flags.Arguments);
        Assert.Empty(flags.Ignored);
    }

    [Theory]
    [InlineData("--resume", "abc")]
    [InlineData("-p")]
    [InlineData("--output-format=text")]
    [InlineData("--setting-sources", "user")]
    [InlineData("--dangerously-load-development-channels")]
    [InlineData("--dangerously-load-development-channels", "server:broker")]
    public void Sort_WhatTheBrokerSetsOrOnlyChannelsUse_IsNotPassedOnAndSaidOnce(params string[] given)
    {
        var flags = new RuntimeFlags([.. given, "--mcp-config={{mcp_config}}"]);

        Assert.Empty(flags.Arguments);
        Assert.Single(flags.Ignored);
        Assert.Equal(["{{mcp_config}}"], flags.McpConfigs);
    }

    [Fact]
    public void Sort_SeveralMcpConfigs_AreAllKept()
    {
        Assert.Equal(["a", "b", "c"], new RuntimeFlags(["--mcp-config", "a", "b", "--mcp-config=c"]).McpConfigs);
    }
}
