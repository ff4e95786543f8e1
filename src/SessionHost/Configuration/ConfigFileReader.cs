using System.Globalization;
using FunctionsBroker.SessionHost.Options;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace FunctionsBroker.SessionHost.Configuration;

/// <summary>Reads <c>session-broker.config.yaml</c> into settings of the section <c>Host</c>.</summary>
internal static class ConfigFileReader
{
    private const string Host = SessionHostOptions.SectionName;

    /// <param name="file">The file's name, for messages.</param>
    /// <param name="otherProfiles">Profiles that are configured elsewhere.</param>
    /// <exception cref="InvalidConfigurationException">The text has faults; all of them are named.</exception>
    public static IReadOnlyDictionary<string, string?> Read(string file, TextReader text, IReadOnlyCollection<string> otherProfiles)
    {
        var faults = new ConfigFaults(file);
        var values = new ConfigValues();
        if (ReadRoot(text, faults) is { } root)
        {
            new ConfigSectionReader(values, faults).Read(root, typeof(ConfigDocument), string.Empty, string.Empty);
        }

        // What is wrong was left out, so the rest can be looked at all the same.
        var document = new ConfigDocument();
        new ConfigurationBuilder().AddInMemoryCollection(values.Settings).Build().Bind(document);
        new ConfigDocumentRules(document, values, faults, otherProfiles).Check();
        return faults.Count == 0 ? ToSettings(document, values) : throw new InvalidConfigurationException(faults.ToList());
    }

    private static YamlNode? ReadRoot(TextReader text, ConfigFaults faults)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(text);
            return stream.Documents.Count == 0 ? null : stream.Documents[0].RootNode;
        }
        catch (YamlException exception)
        {
            faults.Add(exception.Start, $"This is not YAML: {exception.InnerException?.Message ?? exception.Message}");
            return null;
        }
    }

    private static Dictionary<string, string?> ToSettings(ConfigDocument document, ConfigValues values)
    {
        var daemon = document.Daemon;
        Dictionary<string, string?> settings = new(StringComparer.OrdinalIgnoreCase);
        Set("Urls", daemon.Port is { } port ? string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}") : null);
        Set($"{Host}:MaxSessions", daemon.MaxSessions?.ToString(CultureInfo.InvariantCulture));
        Set($"{Host}:SessionTtl", daemon.SessionTtlMinutes is { } minutes ? Text(TimeSpan.FromMinutes(minutes)) : null);
        Set($"{Host}:ShutdownTimeout", daemon.GracefulShutdownTimeout is { } seconds ? Text(TimeSpan.FromSeconds(seconds)) : null);
        Set($"{Host}:ClaudeBinary", HomePath.Expand(document.Runtime.Binary));
        foreach (var (path, value) in values.Settings.Where(setting => IsTakenOver(setting.Key)))
        {
            settings[$"{Host}:{path}"] = value;
        }

        return settings;

        void Set(string key, string? value)
        {
            if (value is not null)
            {
                settings[key] = value;
            }
        }
    }

    private static bool IsTakenOver(string path) =>
        !path.StartsWith("Daemon:", StringComparison.Ordinal) && path != "Runtime:Binary";

    private static string Text(TimeSpan time) => time.ToString("c", CultureInfo.InvariantCulture);
}
