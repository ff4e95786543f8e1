using FunctionsBroker.SessionHost.Options;
using Microsoft.Extensions.Configuration.Memory;

namespace FunctionsBroker.SessionHost.Configuration;

/// <summary>Finds <c>session-broker.config.yaml</c> and puts what it says below all other configuration.</summary>
internal static class ConfigFile
{
    public const string DefaultName = "session-broker.config.yaml";

    /// <summary>Reads the file that <c>--config</c> or <c>Host:ConfigFile</c> names, else the default one where it is.</summary>
    /// <exception cref="InvalidConfigurationException">The file has faults, or was named and is not there.</exception>
    public static void AddSessionBrokerFile(this IConfigurationManager configuration)
    {
        var named = configuration["config"] ?? configuration[$"{SessionHostOptions.SectionName}:{nameof(SessionHostOptions.ConfigFile)}"];
        var path = HomePath.Expand(named) ?? DefaultName;
        if (!File.Exists(path))
        {
            if (named is not null)
            {
                throw new InvalidConfigurationException([$"{path}: there is no such file."]);
            }

            return;
        }

        var profiles = configuration.GetSection($"{SessionHostOptions.SectionName}:Profiles").GetChildren().Select(profile => profile.Key).ToList();
        using var text = File.OpenText(path);
        var settings = ConfigFileReader.Read(path, text, profiles);

        // First means lowest: appsettings, the environment and the command line say the last word.
        configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = settings });
    }
}
