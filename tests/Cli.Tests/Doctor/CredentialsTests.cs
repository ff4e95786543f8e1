using FunctionsBroker.Cli.Doctor;

namespace FunctionsBroker.Cli.Tests.Doctor;

public sealed class CredentialsTests
{
    [Theory]
    [InlineData("ANTHROPIC_API_KEY", "serving others")]
    [InlineData("CLAUDE_CODE_USE_BEDROCK", "serving others")]
    [InlineData("CLAUDE_CODE_OAUTH_TOKEN", "your own use only")]
    public void Check_KnownCredential_IsNamedWithItsTermsAndNotShown(string name, string terms)
    {
        var finding = Credentials.Check(asked => asked == name ? "the-secret" : null);

        Assert.Equal(FindingState.Good, finding.State);
        Assert.Contains(name, finding.Text, StringComparison.Ordinal);
        Assert.Contains(terms, finding.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("the-secret", finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_None_SaysWhatToSet()
    {
        var finding = Credentials.Check(_ => null);

        Assert.Equal(FindingState.Note, finding.State);
        Assert.Contains("ANTHROPIC_API_KEY", finding.Text, StringComparison.Ordinal);
    }
}
