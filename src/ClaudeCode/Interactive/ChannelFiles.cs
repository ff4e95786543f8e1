using System.Text.Json;
using System.Text.Json.Nodes;
using FunctionsBroker.ClaudeCode.Channels;
using FunctionsBroker.ClaudeCode.Launch;

namespace FunctionsBroker.ClaudeCode.Interactive;

/// <summary>The files from which an interactive process learns where its hooks and its channel are, and what it need not ask.</summary>
/// <remarks>
/// Written before each start, readable by the session's own user only: the settings hold the hooks' secret.
/// Hooks measured on 2.1.329 over HTTP from <c>--settings</c>: all of <see cref="HookEvents"/> arrive, each with
/// <c>session_id</c>, <c>transcript_path</c>, <c>cwd</c> and the <c>prompt_id</c> of the turn that they are of; the same
/// id in <c>UserPromptSubmit</c>, <c>Stop</c> and <c>StopFailure</c> of one turn. <c>SessionStart</c> never comes over HTTP.
/// </remarks>
internal static class ChannelFiles
{
    /// <summary>What our MCP server is called.</summary>
    public const string ServerName = ChannelProtocol.ServerName;

    private const int HookTimeoutSeconds = 5;
    private const int ApprovedKeyCharacters = 20;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    /// <summary>The events that are reported.</summary>
    public static IReadOnlyList<string> HookEvents { get; } =
        ["UserPromptSubmit", "Stop", "StopFailure", "SessionEnd", "Notification", "PermissionRequest"];

    /// <summary>Writes all of them.</summary>
    /// <returns>The profile as the command line is to be made of it.</returns>
    /// <exception cref="JsonException">The profile's own settings are no JSON object.</exception>
    public static ClaudeProfile Write(ClaudeLaunch launch, InteractiveLaunch terms, IReadOnlyDictionary<string, string> environment)
    {
        var folders = launch.Folders;
        WriteFile(folders.Settings, Settings(launch.Profile.Settings, terms));
        WriteAnswers(Path.Combine(folders.Config, ".claude.json"), folders.Work, environment.GetValueOrDefault("ANTHROPIC_API_KEY"));
        File.Delete(folders.DebugLog);
        var profile = launch.Profile with
        {
            Settings = folders.Settings,
            McpServers = new Dictionary<string, McpServer>(launch.Profile.McpServers, StringComparer.Ordinal)
            {
                [ServerName] = new McpServer { Command = terms.Channel.Command, Arguments = terms.Channel.Arguments },
            },

            // The interactive CLI begins in a mode of its own, in which it decides by itself what it may do.
            PermissionMode = launch.Profile.PermissionMode ?? "manual",
        };
        McpConfiguration.Write(folders.McpConfig, profile.McpServers);
        return profile;
    }

    /// <summary>The profile's own settings with our hooks behind its own.</summary>
    internal static JsonObject Settings(string? own, InteractiveLaunch terms)
    {
        var settings = Read(own);
        if (settings["hooks"] is not JsonObject hooks)
        {
            settings["hooks"] = hooks = [];
        }

        foreach (var name in HookEvents)
        {
            if (hooks[name] is not JsonArray groups)
            {
                hooks[name] = groups = [];
            }

            groups.Add(new JsonObject { ["hooks"] = new JsonArray([.. Hooks(terms, name)]) });
        }

        return settings;
    }

    /// <summary>Answers what the CLI would ask at its start, and leaves everything else in the file as it is.</summary>
    internal static JsonObject Answers(JsonObject known, string workingFolder, string? apiKey)
    {
        known["hasCompletedOnboarding"] = true;
        known.TryAdd("theme", "dark");
        Section(Section(known, "projects"), workingFolder)["hasTrustDialogAccepted"] = true;
        if (apiKey is { Length: > 0 })
        {
            var tail = apiKey[Math.Max(0, apiKey.Length - ApprovedKeyCharacters)..];
            Section(known, "customApiKeyResponses")["approved"] = new JsonArray(tail);
        }

        return known;
    }

    private static IEnumerable<JsonObject> Hooks(InteractiveLaunch terms, string name)
    {
        var address = terms.Hooks;
        var timeout = name == "PermissionRequest" ? (int)terms.PermissionTimeout.TotalSeconds + HookTimeoutSeconds : HookTimeoutSeconds;
        yield return Hook(address.For(name), address.HeaderValue, timeout);
        if (name == "Stop" && terms.StopHookUrl is { } also)
        {
            // The secret is for this host alone.
            var isOurs = also.IsLoopback && also.Port == address.Base.Port;
            yield return Hook(also, isOurs ? address.HeaderValue : null, timeout);
        }
    }

    private static JsonObject Hook(Uri url, string? secret, int timeoutSeconds)
    {
        JsonObject hook = new() { ["type"] = "http", ["url"] = url.AbsoluteUri, ["timeout"] = timeoutSeconds };
        if (secret is not null)
        {
            hook["headers"] = new JsonObject { [HookAddress.Header] = secret };
        }

        return hook;
    }

    private static JsonObject Read(string? settings)
    {
        if (string.IsNullOrWhiteSpace(settings))
        {
            return [];
        }

        var json = settings.TrimStart().StartsWith('{') ? settings : File.ReadAllText(settings);
        return JsonNode.Parse(json) as JsonObject ?? throw new JsonException("The settings are no JSON object.");
    }

    private static void WriteAnswers(string path, string workingFolder, string? apiKey)
    {
        JsonObject known = [];
        try
        {
            known = JsonNode.Parse(File.ReadAllText(path)) as JsonObject ?? [];
        }
        catch (Exception exception) when (exception is FileNotFoundException or JsonException)
        {
            // The first start here; or the CLI was killed while it wrote, and would itself begin anew.
        }

        WriteFile(path, Answers(known, workingFolder, apiKey));
    }

    private static JsonObject Section(JsonObject parent, string name)
    {
        if (parent[name] is not JsonObject section)
        {
            parent[name] = section = [];
        }

        return section;
    }

    private static void WriteFile(string path, JsonObject content)
    {
        // Deleted first: an earlier user of the session may own it.
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly };
        using var file = new FileStream(path, options);
        JsonSerializer.Serialize(file, content, s_indented);
    }
}
