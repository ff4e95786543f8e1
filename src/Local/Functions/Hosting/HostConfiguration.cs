using FunctionsBroker.Local.Functions.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Logging;

namespace FunctionsBroker.Local.Functions.Hosting;

/// <summary>Puts the host's own sources under the app's configuration: local settings, and the log levels of host.json.</summary>
internal static class HostConfiguration
{
    private const string LogLevelSection = "Logging:LogLevel:";
    private const string DefaultUrl = "http://127.0.0.1:";
    private const string DefaultPort = "7071";

    /// <summary>Adds local.settings.json below the environment, which wins over it as on the real host.</summary>
    public static void AddLocalSettings(this IConfigurationBuilder configuration, IReadOnlyDictionary<string, string?> settings)
    {
        var environment = configuration.Sources
            .Select((source, index) => (source, index))
            .FirstOrDefault(entry => entry.source is EnvironmentVariablesConfigurationSource { Prefix: null or "" });
        configuration.Sources.Insert(
            environment.source is null ? configuration.Sources.Count : environment.index, new MemoryConfigurationSource { InitialData = settings });
    }

    /// <summary>Adds log levels below everything else: ASP.NET Core's kept short, then those of host.json.</summary>
    public static void AddLogLevels(this IConfigurationBuilder configuration, IReadOnlyDictionary<string, LogLevel> levels)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            [$"{LogLevelSection}Microsoft.AspNetCore"] = "Warning",
            [$"{LogLevelSection}Azure"] = "Warning",
        };
        foreach (var (category, level) in levels)
        {
            settings[LogLevelSection + category] = level.ToString();
        }

        configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = settings });
    }

    /// <summary>Returns where to listen when nothing else says it: <c>--port</c>, the port of local.settings.json, or 7071; on the loopback.</summary>
    public static string DefaultUrls(string[] args, IConfiguration configuration)
    {
        var commandLine = new ConfigurationBuilder().Add(new CommandLineConfigurationSource { Args = args }).Build();
        return DefaultUrl + (commandLine["port"] ?? configuration[LocalSettings.PortKey] ?? DefaultPort);
    }

    /// <summary>Returns the app's folder: <c>--contentRoot</c>, or what <see cref="ScriptRoot"/> finds.</summary>
    public static string FindScriptRoot(string[] args)
    {
        var commandLine = new ConfigurationBuilder().Add(new CommandLineConfigurationSource { Args = args }).Build();
        return commandLine["contentRoot"] is { Length: > 0 } named ? Path.GetFullPath(named) : ScriptRoot.Find();
    }
}
