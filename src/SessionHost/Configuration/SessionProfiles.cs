using FunctionsBroker.ClaudeCode.Hooks;
using FunctionsBroker.ClaudeCode.Launch;
using FunctionsBroker.SessionHost.Options;
using FunctionsBroker.Sessions.Identity;

namespace FunctionsBroker.SessionHost.Configuration;

/// <summary>The profiles as each session runs them: with what the configuration adds for all, and for this one.</summary>
internal sealed partial class SessionProfiles
{
    private readonly Dictionary<string, ClaudeProfile> _profiles;
    private readonly Dictionary<string, DeclaredSessionOptions> _declared;
    private readonly RuntimeFlags _flags;
    private readonly IReadOnlyDictionary<string, string> _environment;

    public SessionProfiles(SessionHostOptions options, ILogger<SessionProfiles> logger)
    {
        _declared = options.Sessions.ToDictionary(session => session.Id, StringComparer.Ordinal);
        _flags = new RuntimeFlags(options.Runtime.Flags);
        _environment = options.Runtime.Env;
        _profiles = options.Profiles.ToDictionary(
            profile => profile.Key,
            profile => Extend(profile.Value.ToProfile(), null),
            StringComparer.Ordinal);
        foreach (var ignored in _flags.Ignored)
        {
            LogIgnored(logger, ignored);
        }
    }

    public IReadOnlyCollection<string> Names => _profiles.Keys;

    /// <summary>The sessions that are there from the start.</summary>
    public IReadOnlyCollection<DeclaredSessionOptions> Declared => _declared.Values;

    public bool Contains(string name) => _profiles.ContainsKey(name);

    /// <summary>What sessions that were not declared run under a name; null for an unknown one.</summary>
    public ClaudeProfile? Find(string name) => _profiles.GetValueOrDefault(name);

    /// <summary>What a session runs under a name; null for an unknown one.</summary>
    public ClaudeProfile? Find(SessionId session, string name) =>
        Find(name) is { } profile && FindDeclared(session) is { } declared ? Extend(profile, declared) : Find(name);

    public DeclaredSessionOptions? FindDeclared(SessionId session) => _declared.GetValueOrDefault(session.Value);

    private ClaudeProfile Extend(ClaudeProfile profile, DeclaredSessionOptions? session) => profile with
    {
        McpConfigFiles = [.. Expand([.. _flags.McpConfigs, "{{mcp_config}}"], session).Select(file => HomePath.Expand(file)).Distinct(StringComparer.Ordinal)],
        Channel = session is null ? profile.Channel : profile.Channel with
        {
            AcceptPrompts = profile.Channel.AcceptPrompts || session.AutoAcceptPrompts,
            StopHookUrl = session.StopHookUrl,
            HookNames = NamesOf(session),
        },
        TranscriptLink = HomePath.Expand(session?.Transcript),
        ExtraArguments = [.. Expand(_flags.Arguments, session)],
        ExtraEnvironment = _environment
            .Select(variable => (variable.Key, Value: SessionTemplate.Expand(variable.Value, session)))
            .Where(variable => variable.Value is not null)
            .ToDictionary(variable => variable.Key, variable => variable.Value!, StringComparer.Ordinal),
    };

    // An address such as http://localhost:8080/hooks/NAME/complete may call the session what it likes.
    private static IReadOnlyList<string> NamesOf(DeclaredSessionOptions session) =>
        session.StopHookUrl?.Segments is ["/", "hooks/", var name, HookEventReader.Complete]
            ? [.. new[] { session.Id, Uri.UnescapeDataString(name.TrimEnd('/')) }.Distinct(StringComparer.Ordinal)]
            : [session.Id];

    // What names a field that the session does not have is left out.
    private static IEnumerable<string> Expand(IEnumerable<string> texts, DeclaredSessionOptions? session) =>
        texts.Select(text => SessionTemplate.Expand(text, session)).OfType<string>();

    [LoggerMessage(EventIds.FlagIgnored, LogLevel.Warning, "runtime.flags: {Flag} is not passed on")]
    private static partial void LogIgnored(ILogger logger, string flag);
}
