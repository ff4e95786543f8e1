using FunctionsBroker.ClaudeCode.Launch;

namespace FunctionsBroker.SessionHost.Options;

/// <summary>One profile, section <c>Host:Profiles:NAME</c>; see <see cref="ClaudeProfile"/> for what each setting does.</summary>
internal sealed class ProfileOptions
{
    public string? Model { get; set; }

    public string? SystemPrompt { get; set; }

    public string? AppendSystemPrompt { get; set; }

    /// <value>Separated by commas; empty means no tools at all. The default is the CLI's own set.</value>
    public string? Tools { get; set; }

    public string[] AllowedTools { get; set; } = [];

    public string[] DisallowedTools { get; set; } = [];

    /// <value>One of <see cref="ClaudePermissionModes.All"/>.</value>
    public string? PermissionMode { get; set; }

    public ClaudeProfile ToProfile() => new()
    {
        Model = Model,
        SystemPrompt = SystemPrompt,
        AppendSystemPrompt = AppendSystemPrompt,
        Tools = Tools,
        AllowedTools = AllowedTools,
        DisallowedTools = DisallowedTools,
        PermissionMode = PermissionMode,
    };
}
