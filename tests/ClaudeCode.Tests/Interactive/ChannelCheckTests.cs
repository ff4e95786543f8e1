using FunctionsBroker.ClaudeCode.Channels;
using FunctionsBroker.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace FunctionsBroker.ClaudeCode.Tests.Interactive;

[Trait("Category", "EndToEnd")]
public sealed class ChannelCheckTests
{
    private static readonly Dictionary<string, string> s_environment = new(StringComparer.Ordinal)
    {
        ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? string.Empty,
        ["ANTHROPIC_API_KEY"] = "sk-a-key-that-is-made-for-tests",
        ["ANTHROPIC_BASE_URL"] = "http://127.0.0.1:9",
        ["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"] = "1",
    };

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_CLI_that_is_not_offered_channels_is_quoted()
    {
        var finding = await RunAsync(RealTerminal.Binary);

        Assert.False(finding.Available);
        Assert.Equal("unavailable: channels feature is not currently available", finding.ToString());
    }

    [Fact(Timeout = TestTimeouts.DefaultMilliseconds)]
    public async Task A_CLI_that_is_not_there_leaves_it_unknown()
    {
        var finding = await RunAsync("/nowhere/claude");

        Assert.Null(finding.Available);
        Assert.Contains("/nowhere/claude", finding.Text, StringComparison.Ordinal);
    }

    private static Task<ChannelFinding> RunAsync(string binary) =>
        new ChannelCheck(binary, s_environment, TimeProvider.System, NullLoggerFactory.Instance).RunAsync(TestContext.Current.CancellationToken);
}
