using Azure.Storage.Queues;
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
        ["Identity:tableServiceUri"] = "https://account.table.core.windows.net",
        ["Identity:credential"] = "managedidentity",
        ["Identity:clientId"] = "client",
        ["Account:accountName"] = "account",
        ["Half:queueServiceUri"] = "https://account.queue.core.windows.net",
        ["Http:tableServiceUri"] = "http://account.table.core.windows.net",
        ["Secret:accountName"] = "account",
        ["Secret:credential"] = "secret",
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
    public void GetStorage_ByName_IsFoundAsTheRealHostFindsIt(string? name, string found)
    {
        Assert.Equal(new StorageAccess.ByConnectionString(found), s_settings.GetStorage(name));
    }

    [Fact]
    public void GetStorage_ThatIsMissing_IsNamed()
    {
        var exception = Assert.Throws<InvalidOperationException>(() => s_settings.GetStorage("Nowhere"));

        Assert.Contains("'Nowhere'", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Identity")]
    [InlineData("Account")]
    public void GetStorage_ThatIsIdentityBased_OpensTheAddresses(string name)
    {
        var storage = s_settings.GetStorage(name);

        Assert.Equal(new Uri("https://account.queue.core.windows.net/turns"), storage.CreateQueue("turns", new QueueClientOptions()).Uri);
        Assert.Equal(new Uri("https://account.table.core.windows.net/"), storage.CreateTables().Uri);
        Assert.Equal(storage, s_settings.GetStorage(name));
        Assert.NotEqual(storage, s_settings.GetStorage(null));
    }

    [Theory]
    [InlineData("Half", "'Half__tableServiceUri' is missing or no https address")]
    [InlineData("Http", "'Http__tableServiceUri' is missing or no https address")]
    [InlineData("Secret", "'Secret__credential' is 'secret'")]
    public void GetStorage_IdentityBasedAndUnusable_SaysWhatIsWrong(string name, string message)
    {
        var exception = Assert.Throws<InvalidOperationException>(() => s_settings.GetStorage(name).CreateTables());

        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }
}
