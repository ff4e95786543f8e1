using FunctionsBroker.SessionHost.Options;

namespace FunctionsBroker.SessionHost.Configuration;

/// <summary>The configuration file's own shape. A key in the file is a property's name in snake_case.</summary>
internal sealed class ConfigDocument
{
    public DaemonSection Daemon { get; } = new();

    public DeclaredSessionOptions[] Sessions { get; set; } = [];

    public RuntimeSection Runtime { get; } = new();

    public Dictionary<string, ProfileOptions> Profiles { get; } = new(StringComparer.Ordinal);
}
