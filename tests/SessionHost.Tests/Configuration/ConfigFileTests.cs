using FunctionsBroker.SessionHost.Configuration;
using FunctionsBroker.TestKit;
using Microsoft.Extensions.Configuration;

namespace FunctionsBroker.SessionHost.Tests.Configuration;

public sealed class ConfigFileTests : IDisposable
{
    private readonly TempDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("config")]
    [InlineData("Host:ConfigFile")]
    public void Add_NamedFile_IsBelowAllOtherConfiguration(string key)
    {
        using var configuration = Configure((key, Write("daemon: {max_sessions: 5, session_ttl_minutes: 7}")), ("Host:MaxSessions", "6"));

        configuration.AddSessionBrokerFile();

        Assert.Equal("6", configuration["Host:MaxSessions"]);
        Assert.Equal("00:07:00", configuration["Host:SessionTtl"]);
    }

    [Fact]
    public void Add_NamedFileThatIsNotThere_IsAFault()
    {
        using var configuration = Configure(("config", _folder.Combine("none.yaml")));

        Assert.Contains("none.yaml", Assert.Throws<InvalidConfigurationException>(configuration.AddSessionBrokerFile).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Add_ProfileOfAnotherSource_MayBeNamed()
    {
        using var configuration = Configure(
            ("config", Write("sessions: [{id: agent, profile: coder}]")),
            ("Host:Profiles:coder:Model", "m"));

        configuration.AddSessionBrokerFile();

        Assert.Equal("coder", configuration["Host:Sessions:0:Profile"]);
    }

    private string Write(string text)
    {
        var path = _folder.Combine("broker.yaml");
        File.WriteAllText(path, text);
        return path;
    }

    private static ConfigurationManager Configure(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Key, setting.Value)));
        return configuration;
    }
}
