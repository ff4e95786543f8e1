using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.SessionHost.Configuration;
using FunctionsBroker.SessionHost.Options;
using FunctionsBroker.Sessions.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace FunctionsBroker.SessionHost.Tests.Configuration;

public sealed class ConfigFileReaderTests
{
    private static readonly string s_home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    [Fact]
    public void Read_TheArticlesTemplate_SetsEverythingInIt()
    {
        var configuration = ToConfiguration(SeedConfiguration.Text);
        var options = ToOptions(configuration);

        Assert.Equal("http://localhost:8080", configuration["Urls"]);
        Assert.Equal(50, options.MaxSessions);
        Assert.Equal(TimeSpan.FromHours(1), options.SessionTtl);
        Assert.Equal(TimeSpan.FromSeconds(10), options.ShutdownTimeout);
        Assert.Equal("claude", options.ClaudeBinary);
        Assert.Equal(["agent-alpha", "agent-beta"], options.Sessions.Select(session => session.Id));
        Assert.All(options.Sessions, session => Assert.True(session.AutoAcceptPrompts));
        Assert.Equal("http://localhost:8080/hooks/beta/complete", options.Sessions[1].StopHookUrl!.AbsoluteUri);
    }

    [Fact]
    public void Read_TheArticlesTemplate_GivesEachSessionItsOwnFiles()
    {
        var profiles = new SessionProfiles(ToOptions(ToConfiguration(SeedConfiguration.Text)), NullLogger<SessionProfiles>.Instance);

        var alpha = profiles.Find(SessionId.Parse("agent-alpha"), "default")!;
        var beta = profiles.Find(SessionId.Parse("agent-beta"), "default")!;
        var other = profiles.Find(SessionId.Parse("room:1"), "default")!;

        Assert.Equal([Path.Combine(s_home, ".broker/routes/alpha/mcp-config.json")], alpha.McpConfigFiles);
        Assert.Equal(Path.Combine(s_home, ".broker/routes/alpha/transcript.jsonl"), alpha.TranscriptLink);
        Assert.Equal([Path.Combine(s_home, ".broker/routes/beta/mcp-config.json")], beta.McpConfigFiles);
        Assert.Equal("--max-old-space-size=2048", beta.ExtraEnvironment["NODE_OPTIONS"]);
        Assert.Empty(beta.ExtraArguments);
        Assert.True(alpha.Channel.AcceptPrompts);
        Assert.Equal(["agent-alpha", "alpha"], alpha.Channel.HookNames);
        Assert.Equal("http://localhost:8080/hooks/beta/complete", beta.Channel.StopHookUrl!.AbsoluteUri);
        Assert.Equal((false, 0, null), (other.Channel.AcceptPrompts, other.Channel.HookNames.Count, other.Channel.StopHookUrl));
        Assert.Empty(other.McpConfigFiles);
        Assert.Null(other.TranscriptLink);
        Assert.Equal("1", other.ExtraEnvironment["CLAUDE_CODE_DISABLE_UPDATE_CHECK"]);
    }

    [Fact]
    public void Read_Profiles_HaveTheSameFieldsAsTheSettings()
    {
        var options = ToOptions(ToConfiguration(
            """
            profiles:
              coder:
                model: m
                tools: Read,Bash
                allowed_tools: [Read, "Bash(git log:*)"]
                permission_timeout: 90s
                turn_max: 00:05:00
                replay: never
                max_budget_usd: 1.5
                context_threshold: 0.5
                sandbox: bubblewrap
                mcp_servers:
                  notes: {command: notes, args: [--all], env: {KEY: value}}
            sessions:
              - {id: agent, profile: coder}
            """));

        var profile = options.Profiles["coder"].ToProfile();
        Assert.Equal(("m", "Read,Bash"), (profile.Model, profile.Tools));
        Assert.Equal(["Read", "Bash(git log:*)"], profile.AllowedTools);
        Assert.Equal((TimeSpan.FromSeconds(90), TimeSpan.FromMinutes(5)), (profile.PermissionTimeout, profile.TurnMax));
        Assert.Equal((ReplayRule.Never, SandboxMode.Bubblewrap), (profile.Replay, profile.Sandbox));
        Assert.Equal((1.5m, 0.5), (profile.MaxBudgetUsd, profile.ContextThreshold));
        Assert.Equal("value", profile.McpServers["notes"].Environment["KEY"]);
    }

    [Fact]
    public void Read_FileWithManyFaults_NamesEachWithItsPlace()
    {
        var faults = Faults(
            """
            daemon:
              port: eighty
              max_session: 5
              session_ttl_minutes: 0
            sessions:
              - id: agent
                profile: codr
                auto_accept_prompts: maybe
                stop_hook_url: localhost/hooks
              - id: agent
                mcp_config: a.json
              - mcp_config: b.json
              - id: ".."
                mcp_config: [c.json]
            runtime:
              flags:
                - "--mcp-config={{mcp_config}}"
                - "--name={{nam}}"
              env:
                LD_PRELOAD: /tmp/x.so
                Host__CallbackKey: secret
            profiles:
              coder:
                replay: sometimes
                transports: [telepathy]
                max_retries: 11
            """);

        Assert.Equal(
            [
                "broker.yaml(2,9): daemon.port must be a whole number, but is 'eighty'.",
                "broker.yaml(3,3): daemon.max_session is not known. Did you mean 'max_sessions'?",
                "broker.yaml(4,24): The field daemon.session_ttl_minutes must be between 1 and 525600.",
                "broker.yaml(6,5): sessions[0] has no mcp_config, which runtime.flags[0] needs.",
                "broker.yaml(7,14): sessions[0].profile is 'codr', which is not configured. Did you mean 'coder'?",
                "broker.yaml(8,26): sessions[0].auto_accept_prompts must be true or false, but is 'maybe'.",
                "broker.yaml(9,20): sessions[0].stop_hook_url must be an absolute http or https address, but is 'localhost/hooks'.",
                "broker.yaml(10,9): sessions[1].id is 'agent', which another session has already.",
                "broker.yaml(12,5): sessions[2] has no id.",
                "broker.yaml(13,5): sessions[3] has no mcp_config, which runtime.flags[0] needs.",
                "broker.yaml(13,9): sessions[3].id is '..', but an id is 1 to 255 printable characters without a space at its ends; '.', '..' and what is percent-encoded are none.",
                "broker.yaml(14,17): sessions[3].mcp_config must be a text, not a list.",
                "broker.yaml(18,7): runtime.flags[1] names '{{nam}}', which is not a field of a session. Did you mean 'id'?",
                "broker.yaml(20,17): runtime.env.LD_PRELOAD cannot be set: it makes programs load foreign code.",
                "broker.yaml(21,24): runtime.env.Host__CallbackKey cannot be set: it holds the host's own settings and secrets.",
                "broker.yaml(24,13): profiles.coder.replay must be one of whenSafe, always, never, but is 'sometimes'.",
                "broker.yaml(25,17): Profiles:coder:Transports has 'telepathy', but may have only stream-json, channel, one-shot, api.",
                "broker.yaml(26,18): The field profiles.coder.max_retries must be between 0 and 10.",
            ],
            faults);
    }

    [Theory]
    [InlineData("daemon: 5", "broker.yaml(1,9): daemon must be a section of keys and values, not a single value.")]
    [InlineData("- a", "broker.yaml(1,1): The file must be a section of keys and values, not a list.")]
    [InlineData("sessions: {a: b}", "broker.yaml(1,11): sessions must be a list, not a section.")]
    [InlineData("deamon: {}", "broker.yaml(1,1): deamon is not known. Did you mean 'daemon'?")]
    public void Read_WrongShape_IsNamed(string text, string fault)
    {
        Assert.Equal([fault], Faults(text));
    }

    [Theory]
    [InlineData("daemon: {port: 1\n")]
    [InlineData("daemon:\n  port: 1\n  port: 2\n")]
    [InlineData("daemon: 'x")]
    public void Read_NoYaml_IsNamedWithItsPlace(string text)
    {
        Assert.Matches(@"^broker\.yaml\(\d+,\d+\): This is not YAML: ", Assert.Single(Faults(text)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing")]
    [InlineData("daemon:\nsessions:\nruntime:\nprofiles:\n")]
    public void Read_NothingInIt_ChangesNothing(string text)
    {
        Assert.Equal(20, ToOptions(ToConfiguration(text)).MaxSessions);
    }

    private static IReadOnlyList<string> Faults(string text) =>
        Assert.Throws<InvalidConfigurationException>(() => ToConfiguration(text)).Faults;

    private static IConfigurationRoot ToConfiguration(string text) =>
        new ConfigurationBuilder().AddInMemoryCollection(ConfigFileReader.Read("broker.yaml", new StringReader(text), [])).Build();

    private static SessionHostOptions ToOptions(IConfigurationRoot configuration)
    {
        var options = new SessionHostOptions();
        configuration.GetSection(SessionHostOptions.SectionName).Bind(options);
        options.Profiles.TryAdd(SessionHostOptions.DefaultProfile, new ProfileOptions());
        return options;
    }
}
