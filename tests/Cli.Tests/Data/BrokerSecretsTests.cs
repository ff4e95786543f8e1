using System.Text.Json;
using FunctionsBroker.Cli.Data;
using FunctionsBroker.TestKit;

namespace FunctionsBroker.Cli.Tests.Data;

public sealed class BrokerSecretsTests : IDisposable
{
    private readonly TempDirectory _temp = new();
    private readonly DataFolder _data;

    public BrokerSecretsTests() => _data = DataFolder.Acquire(_temp.Path);

    public void Dispose()
    {
        _data.Dispose();
        _temp.Dispose();
    }

    [Fact]
    public void LoadOrCreate_SecondTime_GivesTheSameKeys()
    {
        var first = Load();
        var second = Load();

        Assert.Equal(first, second);
        Assert.Equal(3, new HashSet<string> { first.FunctionKey, first.CallbackKey, first.HostKey }.Count);
        Assert.True(first.FunctionKey.Length >= 32);
    }

    [Fact]
    public void LoadOrCreate_Files_AreOnlyForTheirOwnerAndInTheShapeOfTheFunctionsHost()
    {
        var secrets = Load();

        using var host = JsonDocument.Parse(File.ReadAllText(_data.Combine("secrets", "host.json")));
        Assert.NotEqual("", host.RootElement.GetProperty("masterKey").GetProperty("value").GetString());
        var key = Assert.Single(host.RootElement.GetProperty("functionKeys").EnumerateArray());
        Assert.Equal(("default", secrets.FunctionKey), (key.GetProperty("name").GetString(), key.GetProperty("value").GetString()));
        Assert.All(
            [_data.Combine("secrets", "host.json"), _data.Combine("keys.json")],
            file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }

    [Fact]
    public void SetCallerKeys_TakesTheKeysOfTheCallersThatThereAreNow()
    {
        var secrets = Load();

        BrokerSecrets.SetCallerKeys(_data, ["the-key-of-acmes-bots", "the-key-of-others"]);
        BrokerSecrets.SetCallerKeys(_data, ["the-key-of-others"]);

        using var host = JsonDocument.Parse(File.ReadAllText(_data.Combine("secrets", "host.json")));
        Assert.Equal([secrets.FunctionKey, "the-key-of-others"], host.RootElement.GetProperty("functionKeys").EnumerateArray().Select(key => key.GetProperty("value").GetString()));
        Assert.NotEqual("", host.RootElement.GetProperty("masterKey").GetProperty("value").GetString());
        Assert.Equal(secrets, Load());
    }

    [Fact]
    public void LoadOrCreate_FolderFromBeforeStorageHadAnAccount_GetsOneAndKeepsItsKeys()
    {
        var keys = _data.Combine("keys.json");
        File.WriteAllText(keys, """{"callbackKey":"c","hostKey":"h"}""");
        var created = new List<string>();

        var first = BrokerSecrets.LoadOrCreate(_data, account => created.Add(account.Key));
        var second = BrokerSecrets.LoadOrCreate(_data, account => created.Add(account.Key));

        Assert.Equal(("c", "h", "broker"), (first.CallbackKey, first.HostKey, first.Storage.Name));
        Assert.Equal(first, second);
        Assert.Equal([first.Storage.Key], created);
        Assert.Equal(64, Convert.FromBase64String(first.Storage.Key).Length);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(keys));
    }

    [Fact]
    public void LoadOrCreate_UnreadableFile_IsNamed()
    {
        Directory.CreateDirectory(_data.Combine("secrets"));
        File.WriteAllText(_data.Combine("secrets", "host.json"), "{");

        var exception = Assert.Throws<CommandException>(() => Load());

        Assert.Contains(_data.Combine("secrets", "host.json"), exception.Message, StringComparison.Ordinal);
    }

    private BrokerSecrets Load() => BrokerSecrets.LoadOrCreate(_data, _ => Assert.Fail("A new folder has an account from the start."));
}
