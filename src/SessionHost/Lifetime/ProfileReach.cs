using FunctionsBroker.ClaudeCode.Launch;

namespace FunctionsBroker.SessionHost.Lifetime;

/// <summary>What somebody who may send turns under a profile, such as everybody in a chat room, can reach of the host.</summary>
/// <param name="IsOpen">Whether tools run as the host's own user and outside a sandbox, so that only the CLI's rules keep them in the working folder.</param>
/// <param name="Text">For a person.</param>
internal sealed record ProfileReach(bool IsOpen, string Text)
{
    private const string Unasked = "bypassPermissions";

    /// <param name="hasUsers">Whether each process runs as a user of its own.</param>
    public static ProfileReach Of(ClaudeProfile profile, bool hasUsers)
    {
        var hasTools = profile.Tools.Length > 0;
        string[] parts =
        [
            .. hasTools ? ToolsOf(profile, hasUsers) : ["no tools"],
            .. profile.McpServers.Count > 0 ? [$"the MCP servers {string.Join(", ", profile.McpServers.Keys)}"] : Array.Empty<string>(),
            .. profile.Commands ? ["the CLI's commands"] : Array.Empty<string>(),
            .. profile.Mentions ? ["the files of the working folder that a prompt mentions"] : Array.Empty<string>(),
            .. profile.Background ? ["work that goes on between turns"] : Array.Empty<string>(),
        ];
        return new ProfileReach(hasTools && !hasUsers && profile.Sandbox == SandboxMode.None, string.Join("; ", parts));
    }

    private static IEnumerable<string> ToolsOf(ClaudeProfile profile, bool hasUsers)
    {
        yield return profile.Tools == ClaudeProfile.AllTools ? "the CLI's tools" : $"the tools {profile.Tools}";
        yield return profile switch
        {
            { PermissionMode: Unasked } => "everything is allowed",
            { Permissions: PermissionHandling.Relay } => "what no rule allows is asked",
            _ => "what no rule allows is refused",
        };
        yield return profile.Sandbox == SandboxMode.Bubblewrap ? "in a sandbox"
            : hasUsers ? "each session as a user of its own"
            : "neither a sandbox nor a user of its own holds a session: what its tools may read is up to the CLI's rules";
    }
}
