using FunctionsBroker.Cli.Stack;

namespace FunctionsBroker.Cli.Tests.Stack;

public sealed class OperatorEnvironmentTests
{
    private static readonly Dictionary<string, string> s_source = new()
    {
        ["PATH"] = "/bin",
        ["SECRET_OF_SOMETHING"] = "s",
        ["ANTHROPIC_API_KEY"] = "key",
        ["CLAUDE_CODE_MAX_RETRIES"] = "1",
        ["AWS_SECRET_ACCESS_KEY"] = "aws",
        ["GOOGLE_APPLICATION_CREDENTIALS"] = "google",
        ["AZURE_CLIENT_SECRET"] = "azure",
        ["Broker__Limit"] = "front",
        ["Host__Limit"] = "host",
    };

    [Fact]
    public void Host_GetsTheCliSettingsAndNoCloudAccount() =>
        Assert.Equal(["ANTHROPIC_API_KEY", "CLAUDE_CODE_MAX_RETRIES", "Host__Limit", "PATH"], OperatorEnvironment.Host(s_source).Keys.Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("CLAUDE_CODE_USE_BEDROCK", "1", "AWS_SECRET_ACCESS_KEY")]
    [InlineData("CLAUDE_CODE_USE_VERTEX", "true", "GOOGLE_APPLICATION_CREDENTIALS")]
    [InlineData("CLAUDE_CODE_USE_FOUNDRY", "1", "AZURE_CLIENT_SECRET")]
    [InlineData("CLAUDE_CODE_USE_BEDROCK", "0", null)]
    public void Host_ProviderAskedFor_GetsThatAccountOnly(string name, string value, string? passed)
    {
        string[] accounts = ["AWS_SECRET_ACCESS_KEY", "GOOGLE_APPLICATION_CREDENTIALS", "AZURE_CLIENT_SECRET"];

        var host = OperatorEnvironment.Host(new Dictionary<string, string>(s_source) { [name] = value });

        Assert.Equal(passed is null ? [] : [passed], accounts.Where(host.ContainsKey));
    }

    [Fact]
    public void Front_GetsItsSettingsAndNoCredential() =>
        Assert.Equal(["Broker__Limit", "PATH"], OperatorEnvironment.Front(s_source).Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void HostWithLoopbackModel_NeverSeesTheOperatorsCredential()
    {
        var host = OperatorEnvironment.HostWithLoopbackModel(s_source, new Uri("http://127.0.0.1:9/"));

        Assert.Equal("http://127.0.0.1:9/", host["ANTHROPIC_BASE_URL"]);
        Assert.DoesNotContain("key", host.Values);
    }
}
