using FunctionsBroker.Local.Functions.Configuration;
using Microsoft.Extensions.Configuration;

namespace FunctionsBroker.Local.Functions.Tests.Configuration;

public sealed class AppSettingsTests
{
    private static readonly AppSettings s_settings = new(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
    {
        ["Env"] = "test",
        ["Section:Name"] = "nested",
        ["AzureWebJobsStorage"] = "default",
        ["AzureWebJobsPrefixed"] = "prefixed",
        ["Prefixed"] = "plain",
        ["Plain"] = "plain",
        ["ConnectionStrings:Named"] = "named",
        ["Identity:queueServiceUri"] = "https://account.queue.core.windows.net",
    }).Build());

    [Theory]
    [InlineData("turns", "turns")]
    [InlineData("in-%Env%", "in-test")]
    [InlineData("%Env%-%Section__Name%", "test-nested")]
    public void Resolve_WithSettings_ReplacesThem(string text, string resolved)
    {
        Assert.Equal(resolved, s_settings.Resolve(text));
    }

    [Fact]
    public void Resolve_OfAMissingSetting_NamesIt()
    {
        var exception = Assert.Throws<InvalidOperationException>(() => s_settings.Resolve("in-%Nowhere%"));

        Assert.Contains("'Nowhere'", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "default")]
    [InlineData("", "default")]
    [InlineData("AzureWebJobsStorage", "default")]
    [InlineData("Storage", "default")]
    [InlineData("Prefixed", "prefixed")]
    [InlineData("Plain", "plain")]
    [InlineData("Named", "named")]
    public void GetConnectionString_ByName_IsFoundAsTheRealHostFindsIt(string? name, string found)
    {
        Assert.Equal(found, s_settings.GetConnectionString(name));
    }

    [Fact]
    public void GetConnectionString_ThatIsMissing_IsNamed()
    {
        var exception = Assert.Throws<InvalidOperationException>(() => s_settings.GetConnectionString("Nowhere"));

        Assert.Contains("'Nowhere'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GetConnectionString_ThatIsIdentityBased_IsNotSupported()
    {
        var exception = Assert.Throws<NotSupportedException>(() => s_settings.GetConnectionString("Identity"));

        Assert.Contains("'Identity'", exception.Message, StringComparison.Ordinal);
    }
}
