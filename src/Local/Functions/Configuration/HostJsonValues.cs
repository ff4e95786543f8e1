using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace FunctionsBroker.Local.Functions.Configuration;

/// <summary>Typed values of host.json and of the settings that override it; every one that is wrong is kept as a fault that says where it stands.</summary>
internal sealed class HostJsonValues
{
    private const string OverrideSection = "AzureFunctionsJobHost";

    private readonly JsonFile _file;
    private readonly IConfigurationSection _overrides;
    private readonly IConfigurationRoot _values;
    private readonly List<string> _faults = [];

    public HostJsonValues(JsonFile file, IConfiguration settings)
    {
        _file = file;
        _overrides = settings.GetSection(OverrideSection);
        _values = new ConfigurationBuilder()
            .AddInMemoryCollection(file.Tokens.Where(token => token.Value.Value is not null).ToDictionary(token => token.Key, token => token.Value.Value))
            .AddConfiguration(_overrides)
            .Build();
    }

    public ICollection<string> Faults => _faults;

    /// <summary>A configuration key as host.json's readers know it.</summary>
    public static string Shown(string key) => key.Replace(ConfigurationPath.KeyDelimiter, ".", StringComparison.Ordinal);

    /// <exception cref="InvalidDataException">A value was wrong; the message has a line for each.</exception>
    public void ThrowIfFaulty()
    {
        if (_faults.Count > 0)
        {
            throw new InvalidDataException(string.Join(Environment.NewLine, _faults));
        }
    }

    public string? Text(string key) => Read(key, "text", text => text);

    public int Integer(string key, int defaultValue, int minimum, int maximum) => OptionalInteger(key, minimum, maximum) ?? defaultValue;

    public int? OptionalInteger(string key, int minimum, int maximum)
    {
        var expected = string.Create(
            CultureInfo.InvariantCulture, $"a whole number {(maximum == int.MaxValue ? $"of at least {minimum}" : $"from {minimum} to {maximum}")}");
        return Read<int?>(key, expected, text =>
            int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) && number >= minimum && number <= maximum
                ? number
                : null);
    }

    /// <param name="key">The key.</param>
    /// <param name="defaultValue">What it is when it is not there.</param>
    /// <param name="minimum">The least it may be.</param>
    /// <param name="special">A lesser value that is allowed too.</param>
    public TimeSpan Span(string key, TimeSpan defaultValue, TimeSpan minimum, TimeSpan? special = null) =>
        Read<TimeSpan?>(
            key,
            $"a time span of at least {minimum:c}, written \"hh:mm:ss\"",
            text => TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) && (span >= minimum || span == special) ? span : null)
        ?? defaultValue;

    public T Choice<T>(string key, T defaultValue)
        where T : struct, Enum
        => Read<T?>(
            key,
            $"one of {string.Join(", ", Enum.GetNames<T>().Select(name => $"\"{char.ToLowerInvariant(name[0])}{name[1..]}\""))}",
            text => Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) ? value : null) ?? defaultValue;

    /// <summary>Returns an array's items; null when there is no such key.</summary>
    public IReadOnlyList<string>? List(string key)
    {
        var items = _values.GetSection(key).GetChildren().ToList();
        var token = _file.Tokens.GetValueOrDefault(key);
        if (items.Count == 0 && token is not null && token.Value is not null)
        {
            AddFault(key, "an array of text", token.Value);
        }

        return token is null && items.Count == 0 ? null : [.. items.Select(item => Text($"{key}:{item.Key}")).OfType<string>()];
    }

    /// <summary>Returns what an object holds by name; empty when there is no such key.</summary>
    public IReadOnlyDictionary<string, string> Map(string key)
    {
        if (_file.Tokens.GetValueOrDefault(key) is { Value: { } text })
        {
            AddFault(key, "an object", text);
        }

        return _values.GetSection(key).GetChildren()
            .Select(child => (child.Key, Value: Text($"{key}:{child.Key}")))
            .Where(child => child.Value is not null)
            .ToDictionary(child => child.Key, child => child.Value!, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Reads a value; one that is there but not as expected is a fault, and null.</summary>
    public T? Read<T>(string key, string expected, Func<string, T?> parse)
    {
        if (_values[key] is { } text)
        {
            if (parse(text) is { } value)
            {
                return value;
            }

            AddFault(key, expected, text);
        }
        else if (_file.Tokens.GetValueOrDefault(key) is { IsContainer: true })
        {
            AddFault(key, expected, null);
        }

        return default;
    }

    private void AddFault(string key, string expected, string? text)
    {
        var token = _file.Tokens.GetValueOrDefault(key);
        var (place, found) = _overrides[key] is { } setting
            ? ($"The setting {OverrideSection}__{key.Replace(ConfigurationPath.KeyDelimiter, "__", StringComparison.Ordinal)}", $"\"{setting}\"")
            : (_file.PlaceOf(key), token?.Description ?? text);
        _faults.Add($"{place}: '{Shown(key)}' must be {expected}, and is {found}.");
    }
}
