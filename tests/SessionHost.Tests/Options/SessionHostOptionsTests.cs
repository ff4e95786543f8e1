using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.SessionHost.Options;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FunctionsBroker.SessionHost.Tests.Options;

public sealed class SessionHostOptionsTests
{
    private static readonly Dictionary<string, string?> s_least = new()
    {
        ["Host:HostId"] = "host-1",
        ["Host:HostKey"] = "0123456789abcdef",
        ["Host:CallbackKey"] = "0123456789abcdef",
        ["Host:WorkPath"] = "/work",
    };

    [Fact]
    public void Read_TheLeast_HasTheDefaultsAndTheProfilesThatAreAlwaysThere()
    {
        var options = Read();

        Assert.Equal(20, options.MaxSessions);
        Assert.Equal(TimeSpan.FromMinutes(10), options.TurnMax);
        Assert.Equal("claude", options.ClaudeBinary);
        Assert.Equal(["coder", "default"], options.Profiles.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Read_ProfilesThatAreAlwaysThere_AreSafeForAChatRoomOrAskBeforeTheyUseTools()
    {
        var profiles = Read(("Profiles:coder:Model", "m"), ("Profiles:default:Model", "m"), ("Profiles:other:Model", "m")).Profiles;

        Assert.Equal(("m", "", PermissionHandling.Deny), (profiles["default"].Model, profiles["default"].Tools, profiles["default"].Permissions));
        Assert.Equal(("m", "", PermissionHandling.Deny), (profiles["other"].Model, profiles["other"].Tools, profiles["other"].Permissions));
        Assert.Equal(("m", "default", PermissionHandling.Relay), (profiles["coder"].Model, profiles["coder"].Tools, profiles["coder"].Permissions));
    }

    [Fact]
    public void Read_InContainerApps_IsReachedUnderTheRevisionsOwnName()
    {
        var services = new ServiceCollection();
        services.AddSessionHost(new ConfigurationBuilder()
            .AddInMemoryCollection([.. s_least, new("CONTAINER_APP_HOSTNAME", "host--rev1.example.azurecontainerapps.io")])
            .Build());

        var options = services.BuildServiceProvider().GetRequiredService<IOptions<SessionHostOptions>>().Value;

        Assert.Equal(new Uri("https://host--rev1.example.azurecontainerapps.io"), options.PublicUrl);
        Assert.Null(Read().PublicUrl);
        Assert.Equal(new Uri("http://other:1"), Read(("PublicUrl", "http://other:1")).PublicUrl);
    }

    [Fact]
    public void Read_Profile_KeepsEveryPartOfIt()
    {
        var profile = Read(
            ("Profiles:coder:Model", "m"),
            ("Profiles:coder:Tools", "Read"),
            ("Profiles:coder:AllowedTools:0", "Read"),
            ("Profiles:coder:PermissionMode", "dontAsk")).Profiles["coder"].ToProfile();

        Assert.Equal(("m", "Read", "dontAsk"), (profile.Model, profile.Tools, profile.PermissionMode));
        Assert.Equal(["Read"], profile.AllowedTools);
    }

    [Theory]
    [InlineData("HostId", "a/b")]
    [InlineData("HostKey", "short")]
    [InlineData("CallbackKey", "")]
    [InlineData("WorkPath", "")]
    [InlineData("MaxSessions", "0")]
    [InlineData("TurnIdle", "00:00:00")]
    [InlineData("TurnIdle", "01:00:00")]
    [InlineData("PublicUrl", "ftp://host")]
    [InlineData("Profiles:x:PermissionMode", "whatever")]
    [InlineData("Profiles:x:AllowedTools:0", "Read")]
    [InlineData("Profiles:x:PermissionTimeout", "00:00:00")]
    [InlineData("Profiles:x:Transports:0", "telepathy")]
    [InlineData("Profiles:x:Transports:0", "api")]
    [InlineData("Profiles:x:MaxRetries", "11")]
    [InlineData("Profiles:x:TurnMax", "00:00:00")]
    [InlineData("Profiles:x:MaxBudgetUsd", "0")]
    [InlineData("Profiles:x:MaxTurns", "0")]
    [InlineData("Profiles:x:ContextThreshold", "1.1")]
    [InlineData("Profiles:x:Prewarmed", "20")]
    [InlineData("Profiles:x:MaxProcessMemoryMb", "1")]
    [InlineData("Profiles:x:McpServers:notes:Env:A", "b")]
    [InlineData("Profiles:x:McpServers:notes:Url", "file:///etc/passwd")]
    public void Read_SettingThatCannotBe_IsNamed(string name, string value)
    {
        var exception = Assert.Throws<OptionsValidationException>(() => Read((name, value)));

        Assert.Contains(exception.Failures, failure => failure.Contains(name.Split(':')[0], StringComparison.Ordinal));
    }

    [Fact]
    public void Read_SeveralFaults_AreAllNamed()
    {
        var exception = Assert.Throws<OptionsValidationException>(() => Read(("HostKey", "x"), ("TurnMax", "00:00:01"), ("MaxSessions", "0")));

        Assert.Equal(3, exception.Failures.Count());
    }

    [Fact]
    public void Read_ProfileWithoutMore_HasTheDefaultsOfItsSettings()
    {
        Assert.Equivalent(new ClaudeProfile(), Read().Profiles["default"].ToProfile());
    }

    [Fact]
    public void Read_FullProfile_KeepsWhatConcernsTransportsLimitsAndServers()
    {
        var profile = Read(
            ("Profiles:coder:Transports:0", "api"),
            ("Profiles:coder:ApiModel", "m"),
            ("Profiles:coder:Replay", "never"),
            ("Profiles:coder:Permissions", "relay"),
            ("Profiles:coder:ContextGuard", "rotate"),
            ("Profiles:coder:Sandbox", "bubblewrap"),
            ("Profiles:coder:TurnMax", "00:05:00"),
            ("Profiles:coder:McpServers:notes:Command", "notes"),
            ("Profiles:coder:McpServers:notes:Args:0", "--all"),
            ("Profiles:coder:McpServers:notes:Env:KEY", "value")).Profiles["coder"].ToProfile();

        Assert.Equal(["api"], profile.Transports);
        Assert.Equal("m", profile.ApiModel);
        Assert.Equal((ReplayRule.Never, PermissionHandling.Relay), (profile.Replay, profile.Permissions));
        Assert.Equal((ContextGuardMode.Rotate, SandboxMode.Bubblewrap), (profile.ContextGuard, profile.Sandbox));
        Assert.Equal(TimeSpan.FromMinutes(5), profile.TurnMax);
        Assert.Equal("notes", profile.McpServers["notes"].Command);
        Assert.Equal(["--all"], profile.McpServers["notes"].Arguments);
        Assert.Equal("value", profile.McpServers["notes"].Environment["KEY"]);
    }

    private static SessionHostOptions Read(params (string Name, string Value)[] settings)
    {
        var values = new Dictionary<string, string?>(s_least);
        foreach (var (name, value) in settings)
        {
            values["Host:" + name] = value;
        }

        var services = new ServiceCollection();
        services.AddSessionHost(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
        return services.BuildServiceProvider().GetRequiredService<IOptions<SessionHostOptions>>().Value;
    }
}
