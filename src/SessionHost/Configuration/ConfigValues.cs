using YamlDotNet.Core;

namespace FunctionsBroker.SessionHost.Configuration;

/// <summary>What a configuration file holds, under the keys of .NET's configuration, and where each of it stands.</summary>
internal sealed class ConfigValues
{
    private readonly Dictionary<string, string?> _settings = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Mark> _marks = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyDictionary<string, string?> Settings => _settings;

    /// <summary>The place of a value or a section, or else of what it would be in.</summary>
    public Mark At(string path)
    {
        for (var known = path; ; known = known[..Math.Max(0, known.LastIndexOf(ConfigurationPath.KeyDelimiter, StringComparison.Ordinal))])
        {
            if (_marks.TryGetValue(known, out var mark))
            {
                return mark;
            }

            if (known.Length == 0)
            {
                return Mark.Empty;
            }
        }
    }

    public void Enter(string path, Mark at) => _marks.TryAdd(path, at);

    public void Set(string path, string value, Mark at)
    {
        _settings[path] = value;
        _marks[path] = at;
    }
}
