using System.ComponentModel.DataAnnotations;
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

/// <summary>The file's <c>daemon</c>.</summary>
internal sealed class DaemonSection
{
    /// <value>The port on the loopback interface; 0 is a free one.</value>
    [Range(0, 65535)]
    public int? Port { get; set; }

    /// <value>See <see cref="Options.SessionHostOptions.MaxSessions"/>.</value>
    [Range(1, 1000)]
    public int? MaxSessions { get; set; }

    /// <value>See <see cref="Options.SessionHostOptions.SessionTtl"/>, in minutes.</value>
    [Range(1, 365 * 24 * 60)]
    public double? SessionTtlMinutes { get; set; }

    /// <value>See <see cref="Options.SessionHostOptions.ShutdownTimeout"/>, in seconds.</value>
    [Range(0, 600)]
    public double? GracefulShutdownTimeout { get; set; }
}

/// <summary>The file's <c>runtime</c>.</summary>
internal sealed class RuntimeSection
{
    /// <value>See <see cref="Options.SessionHostOptions.ClaudeBinary"/>.</value>
    public string? Binary { get; set; }

    /// <value>See <see cref="Options.RuntimeOptions.Flags"/>.</value>
    public string[] Flags { get; set; } = [];

    /// <value>See <see cref="Options.RuntimeOptions.Env"/>.</value>
    public Dictionary<string, string> Env { get; } = new(StringComparer.Ordinal);
}
