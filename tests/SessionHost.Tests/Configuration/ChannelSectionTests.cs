using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.SessionHost.Configuration;
using FunctionsBroker.SessionHost.Options;
using Microsoft.Extensions.Configuration;

namespace FunctionsBroker.SessionHost.Tests.Configuration;

public sealed class ChannelSectionTests
{
    [Fact]
    public void Read_ProfileWithAChannel_HasItsSettings()
    {
        var settings = Read(
            """
            profiles:
              chat:
                transports: [channel, stream-json]
                channel:
                  typed_input: true
                  accept_prompts: true
                  arrival: 3s
                  probe: 500ms
                  unavailable: 1h
            """);
        var options = new SessionHostOptions();
        new ConfigurationBuilder().AddInMemoryCollection(settings).Build().GetSection("Host").Bind(options);

        var profile = options.Profiles["chat"].ToProfile();

        Assert.Equal([ClaudeTransports.Channel, ClaudeTransports.StreamJson], profile.Transports);
        Assert.Equal((true, true), (profile.Channel.TypedInput, profile.Channel.AcceptPrompts));
        Assert.Equal((TimeSpan.FromSeconds(3), TimeSpan.FromMilliseconds(500), TimeSpan.FromHours(1)), (profile.Channel.Arrival, profile.Channel.Probe, profile.Channel.Unavailable));
    }

    [Fact]
    public void Read_NothingOfAChannel_TypesNothingAndAnswersNothing()
    {
        var profile = new ProfileOptions().ToProfile();

        Assert.Equal((false, false), (profile.Channel.TypedInput, profile.Channel.AcceptPrompts));
        Assert.Equal(TimeSpan.FromSeconds(5), profile.Channel.Arrival);
        Assert.DoesNotContain(ClaudeTransports.Channel, profile.Transports);
    }

    [Fact]
    public void Read_TimesOutOfRangeAndUnknownKeys_AreNamedWithTheirPlace()
    {
        var faults = Assert.Throws<InvalidConfigurationException>(() => Read(
            """
            profiles:
              chat:
                channel:
                  arrival: 2h
                  typed: true
            """));

        Assert.Contains("profiles.chat.channel.arrival", faults.Message, StringComparison.Ordinal);
        Assert.Contains("profiles.chat.channel.typed is not known", faults.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_TimeOutOfRangeInTheSettings_IsAFaultOfTheProfile()
    {
        var profile = new ProfileOptions { Channel = { Arrival = TimeSpan.FromHours(2) } };

        Assert.Contains(ProfileOptionsRules.Check("Host:Profiles:chat", profile), fault => fault.Contains("Arrival", StringComparison.Ordinal));
    }

    private static IReadOnlyDictionary<string, string?> Read(string text) => ConfigFileReader.Read("session-broker.config.yaml", new StringReader(text), []);
}
