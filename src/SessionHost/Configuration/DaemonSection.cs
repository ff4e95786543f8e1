using System.ComponentModel.DataAnnotations;

namespace FunctionsBroker.SessionHost.Configuration;

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
