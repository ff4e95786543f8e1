namespace FunctionsBroker.ClaudeCode.Launch;

/// <summary>The permission modes that the CLI knows.</summary>
public static class ClaudePermissionModes
{
    public static IReadOnlyList<string> All { get; } =
        ["acceptEdits", "auto", "bypassPermissions", "default", "dontAsk", "plan"];
}
